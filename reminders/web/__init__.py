"""The page and the API: what happened, what comes, and a way to answer. The only importer of Starlette."""

"""Which certificates a server may show: those that the sending child trusts, else the system's own."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

# What the library behind the sends looks at, in its order.
BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """Return what a client needs for TLS 1.2 or newer, checking certificate and host name unless told not to.

    Raises OSError when the bundle that the environment names cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    bundle = next((value for name in BUNDLE_VARIABLES if (value := os.environ.get(name))), None)
    if bundle is None:
        _load_the_systems_own(context)
    elif Path(bundle).is_dir():
        context.load_verify_locations(capath=bundle)
    else:
        context.load_verify_locations(cafile=bundle)
    return context


def _load_the_systems_own(context: ssl.SSLContext) -> None:
    context.load_default_certs()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and paths.capath is None:
        import certifi  # noqa: PLC0415  comes with Apprise, and only a system without a store needs it

        context.load_verify_locations(certifi.where())

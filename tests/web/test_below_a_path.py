"""A page that a proxy shows below a path of its own."""

from __future__ import annotations

from tests.web.place import PUBLIC, TOKEN, Place, visitor


def test_a_page_below_a_path_of_its_proxy_names_that_path(place: Place) -> None:
    below = f"{PUBLIC}/nudges"
    client = visitor(place, token=TOKEN, at=PUBLIC, public_url=below)
    for path in ("/history", "/nudges/history"):  # the proxy takes its path away, or does not
        response = client.get(path, headers={"accept": "text/html"})
        assert response.headers["location"] == "/nudges/login?to=%2Fhistory"
    response = client.post("/nudges/login", data={"token": TOKEN, "to": "/history"})
    assert response.headers["location"] == "/nudges/history"
    assert "Path=/nudges" in response.headers["set-cookie"]
    assert 'href="/nudges/static/page.css"' in client.get("/nudges/").text
    assert client.get("/nudgesque").status_code in (401, 303)

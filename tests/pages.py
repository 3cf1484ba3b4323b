"""Pages of records, cut into what a test looks at."""


def text_of(client, address: str) -> str:
    """The HTML of an address that answers, every run of white space as one space."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def fact_of(page: str, heading: str) -> str:
    """What stands beside ``heading`` in the list of facts."""
    return page.split(f"<dt>{heading}</dt>")[1].split("</dd>")[0]


def section_of(page: str, name: str) -> str:
    """The section whose heading has this id."""
    return page.split(f'id="{name}"')[1].split("</section>")[0]

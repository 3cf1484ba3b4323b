"""Decisions of reviewers in tests: through the operations and through the admin.

The functions named as the operations read the version and decide on it at once. The
others do what a browser does: open the page that shows the records, then send it.
"""

from portal.publishing import operations
from portal.publishing.review import operations as proposals
from portal.publishing.review.versions import version_of, version_of_proposal


def approve(record, *, by, at) -> None:
    operations.approve(record, by=by, at=at, version=version_of(record))


def return_to_draft(record, *, by, at, **values) -> None:
    version = version_of(record)
    operations.return_to_draft(record, by=by, at=at, version=version, **values)


def withdraw(record, *, by, at, **values) -> None:
    version = version_of(record)
    operations.withdraw(record, by=by, at=at, version=version, **values)


def accept(proposal, *, by, at) -> None:
    version = version_of_proposal(proposal)
    proposals.accept(proposal, by=by, at=at, version=version)


def return_to_author(proposal, *, by, at, reason) -> None:
    version = version_of_proposal(proposal)
    proposals.return_to_author(proposal, by=by, at=at, version=version, reason=reason)


def discard(proposal, *, by, at, reason="") -> None:
    version = version_of_proposal(proposal)
    proposals.discard(proposal, by=by, at=at, version=version, reason=reason)


# ------------------------------------------------------------- through the admin


def list_of(model) -> str:
    """The address of the list of ``model`` in the admin."""
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def page_of(proposal) -> str:
    """The address of the page of ``proposal`` in the admin."""
    return f"/admin/publishing/proposal/{proposal.pk}/change/"


def open_confirmation(client, action: str, *records):
    """The page that follows when ``action`` is chosen for ``records`` of one model."""
    sent = {"action": action, "_selected_action": [one.pk for one in records]}
    return client.post(list_of(type(records[0])), sent, follow=True)


def shown_versions(page) -> dict[str, str]:
    """The signed versions that a confirmation page carries, by name of their field."""
    records = page.context.get("records", []) if page.context else []
    return {one["version_field"]: one["version"] for one in records}


def shown_form(page, action: str, *, reason="Sample.") -> dict:
    """What a browser sends of a confirmation page."""
    records = [one["shown"].record.pk for one in page.context["records"]]
    sent = {"action": action, "_selected_action": records, "reason": reason}
    return sent | shown_versions(page)


def confirm(client, action: str, page, model, **changed):
    """Send the confirmation ``page`` of a list of ``model``, with ``changed`` fields in
    it; the answer of the list, with its messages."""
    sent = shown_form(page, action) | changed
    return client.post(list_of(model), sent, follow=True)


def messages_of(answer) -> list[str]:
    """The messages that a page of the admin shows."""
    return [str(message) for message in answer.context["messages"]]


def decide(client, action: str, *records, reason="Sample.", follow=False):
    """Choose ``action`` for ``records``, read the page and confirm it.

    Returns the last answer: that of the list where no page was shown.
    """
    address = list_of(type(records[0]))
    sent = {"action": action, "_selected_action": [one.pk for one in records]}
    page = client.post(address, sent, follow=follow)
    if not shown_versions(page):
        return page
    return client.post(address, shown_form(page, action, reason=reason), follow=follow)


def decide_proposal(
    client, button: str, proposal, *, page=None, follow=False, **changed
):
    """Press ``button`` (``_accept``, ``_return`` or ``_discard``) on the page of
    ``proposal``, which is opened now unless ``page`` is the answer of earlier."""
    page = page or client.get(page_of(proposal))
    version = (page.context or {}).get("version", "")
    sent = {button: "1", "reason": "Sample.", "version": version, **changed}
    return client.post(page_of(proposal), sent, follow=follow)

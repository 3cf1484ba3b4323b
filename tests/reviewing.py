"""Decisions of reviewers in tests, through the operations and through the admin.

The functions named like operations read the current version and decide on it at once.
The others act like a browser: open the page that shows the records, then post it.
"""

from portal.content.publishing import operations
from portal.content.publishing.reviewed_versions import version_of, version_of_proposal
from portal.content.review import operations as proposals


def approve(record, *, by, at) -> None:
    operations.approve(record, by=by, at=at, version=version_of(record))


def return_to_draft(record, *, by, at, **values) -> None:
    version = version_of(record)
    operations.return_to_draft(record, by=by, at=at, version=version, **values)


def withdraw(record, *, by, at, **values) -> None:
    version = version_of(record)
    operations.withdraw(record, by=by, at=at, version=version, **values)


def publish(record, *, by, at) -> None:
    operations.publish(record, by=by, at=at, version=version_of(record))


def publish_again(record, *, by, at) -> None:
    operations.publish_again(record, by=by, at=at, version=version_of(record))


def accept(proposal, *, by, at) -> None:
    version = version_of_proposal(proposal)
    proposals.accept_proposal(proposal, by=by, at=at, version=version)


def return_to_author(proposal, *, by, at, reason) -> None:
    version = version_of_proposal(proposal)
    proposals.return_proposal(proposal, by=by, at=at, version=version, reason=reason)


def discard(proposal, *, by, at, reason="") -> None:
    version = version_of_proposal(proposal)
    proposals.discard_proposal(proposal, by=by, at=at, version=version, reason=reason)


# ------------------------------------------------------------- through the admin


def list_of(model) -> str:
    """Return the address of the changelist of ``model``."""
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def page_of(proposal) -> str:
    """Return the admin address of ``proposal``."""
    return f"/admin/publishing/proposal/{proposal.pk}/change/"


def open_confirmation(client, action: str, *records):
    """Choose ``action`` for ``records`` of one model; return the page that follows."""
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    return client.post(list_of(type(records[0])), data, follow=True)


def shown_versions(page) -> dict[str, str]:
    """Return the signed versions on a confirmation page, by field name."""
    records = page.context.get("records", []) if page.context else []
    return {item["version_field"]: item["version"] for item in records}


def confirmation_form(page, action: str, *, reason="Sample.") -> dict:
    """Return the data that a browser would post from a confirmation page."""
    records = [item["content"].record.pk for item in page.context["records"]]
    data = {"action": action, "_selected_action": records, "reason": reason}
    return data | shown_versions(page)


def confirm(client, action: str, page, model, **changed):
    """Post the confirmation ``page`` of ``model``, with ``changed`` fields.

    Return the changelist that follows, with its messages.
    """
    data = confirmation_form(page, action) | changed
    return client.post(list_of(model), data, follow=True)


def messages_of(response) -> list[str]:
    """Return the messages on an admin page."""
    return [str(message) for message in response.context["messages"]]


def decide(client, action: str, *records, reason="Sample.", follow=False):
    """Choose ``action`` for ``records`` and confirm it on the page that follows.

    Return the last response, which is the changelist if there was no confirmation page.
    """
    address = list_of(type(records[0]))
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    page = client.post(address, data, follow=follow)
    if not shown_versions(page):
        return page
    return client.post(
        address, confirmation_form(page, action, reason=reason), follow=follow
    )


def decide_proposal(
    client, button: str, proposal, *, page=None, follow=False, **changed
):
    """Press ``button`` (``_accept``, ``_return`` or ``_discard``) on a proposal's page.

    The page is opened now, unless ``page`` is given: the response of an earlier
    request.
    """
    page = page or client.get(page_of(proposal))
    version = (page.context or {}).get("version", "")
    reason = "" if button == "_accept" else "Sample."
    data = {button: "1", "reason": reason, "version": version, **changed}
    return client.post(page_of(proposal), data, follow=follow)

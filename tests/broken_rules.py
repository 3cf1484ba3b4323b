"""`make broken-rules`: break central rules one by one; the tests named must notice.

    python -m tests.broken_rules [words of a rule]

Each change is made in a copy of the source tree, so that the working tree stays as it
is. A rule that is moved or rewritten must be changed here too:
tests/project/test_broken_rules.py fails if a change no longer fits its file.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")
# Exit status of pytest: at least one test failed.
TESTS_FAILED = 1


@dataclass(frozen=True)
class BrokenRule:
    """A rule, and how to break it: ``old`` occurs once in ``file`` and becomes ``new``.

    Each test file of ``noticed_by`` must fail then.
    """

    rule: str
    file: str
    old: str
    new: str
    noticed_by: tuple[str, ...]

    @property
    def source(self) -> Path:
        return ROOT / self.file

    def apply(self, folder: Path) -> None:
        """Write the broken file into a copy of the source tree."""
        text = self.source.read_text(encoding="utf-8")
        broken = text.replace(self.old, self.new)
        (folder / self.file).write_text(broken, encoding="utf-8")

    def restore(self, folder: Path) -> None:
        shutil.copy2(self.source, folder / self.file)


PUBLISHING = "portal/content/publishing"
PUBLISHING_TESTS = "tests/portal/content/publishing"
ACCOUNTS = "portal/core/accounts"
ACCOUNT_TESTS = "tests/portal/core/accounts"

RULES = (
    BrokenRule(
        "A record is public only while its status is published",
        f"{PUBLISHING}/querysets.py",
        "status=Status.PUBLISHED, published_at__lte=at",
        "published_at__lte=at",
        (
            f"{PUBLISHING_TESTS}/test_published_filter.py",
            "tests/portal/core/files/test_view.py",
        ),
    ),
    BrokenRule(
        "A record is public from its publishing time on",
        f"{PUBLISHING}/querysets.py",
        "status=Status.PUBLISHED, published_at__lte=at",
        "status=Status.PUBLISHED",
        (f"{PUBLISHING_TESTS}/test_published_filter.py",),
    ),
    BrokenRule(
        "A decision covers only the content that was shown",
        f"{PUBLISHING}/reviewed_versions.py",
        "content.version.digest == version.digest and",
        "",
        (f"{PUBLISHING_TESTS}/test_reviewed_versions.py",),
    ),
    BrokenRule(
        "A scheduled record is published only as it was approved",
        f"{PUBLISHING}/reviewed_versions.py",
        "is_same = content.version.digest == record.approved_version",
        "is_same = True",
        (f"{PUBLISHING_TESTS}/test_reviewed_versions.py",),
    ),
    BrokenRule(
        "Nobody approves what they contributed to",
        f"{PUBLISHING}/two_person_approval.py",
        "    if requires_second_person(by) and (\n        problem :=",
        "    if False and (\n        problem :=",
        (f"{PUBLISHING_TESTS}/test_two_person_approval.py",),
    ),
    BrokenRule(
        "A person does not edit a published record directly",
        f"{PUBLISHING}/operations.py",
        "two_person_approval.forbid_direct_edit(record, by=by)",
        "pass",
        (f"{PUBLISHING_TESTS}/test_two_person_approval.py",),
    ),
    BrokenRule(
        "Pictures need alternative text to be published",
        f"{PUBLISHING}/operations.py",
        "require_alt_texts(record)\n    record.languages",
        "record.languages",
        (f"{PUBLISHING_TESTS}/test_pictures.py",),
    ),
    BrokenRule(
        "A withdrawn record leaves the catalogue",
        f"{PUBLISHING}/operations.py",
        "catalogue.remove_entry(kind=record.kind, code=record.public_code)",
        "pass",
        ("tests/project/test_publishing_lifecycle.py",),
    ),
    BrokenRule(
        "Links to unpublished records are left out",
        f"{PUBLISHING}/links.py",
        "if not (only_public and is_hidden):",
        "if True:",
        ("tests/portal/content/changes/test_hidden_links.py",),
    ),
    BrokenRule(
        "The audit hash covers the changed values",
        "portal/core/audit/chain.py",
        "        entry.changes,\n",
        "",
        (
            "tests/portal/core/audit/test_verification.py",
            "tests/portal/core/audit/test_chain_hash.py",
        ),
    ),
    BrokenRule(
        "The audit hash covers the hash before",
        "portal/core/audit/chain.py",
        "        entry.previous_hash,\n",
        "",
        ("tests/portal/core/audit/test_chain_hash.py",),
    ),
    BrokenRule(
        "The end of the audit chain is locked",
        "portal/core/audit/querysets.py",
        "self.select_for_update()",
        "self",
        ("tests/portal/core/audit/test_head_lock.py",),
    ),
    BrokenRule(
        "The change sequence is locked",
        "portal/content/changes/querysets.py",
        "self.select_for_update()",
        "self",
        ("tests/portal/content/changes/test_sequence_lock.py",),
    ),
    BrokenRule(
        "Codes are assigned once",
        f"{PUBLISHING}/numbering.py",
        "Counter.objects.select_for_update().get(prefix=prefix)\n    counter.last",
        "Counter.objects.get(prefix=prefix)\n    counter.last",
        (f"{PUBLISHING_TESTS}/test_numbering_lock.py",),
    ),
    BrokenRule(
        "A job has five attempts",
        "portal/core/jobs/querysets.py",
        "_worker_timed_out(at),\n            attempts__lt=MAX_ATTEMPTS,",
        "_worker_timed_out(at),",
        ("tests/portal/core/jobs/test_attempt_limit.py",),
    ),
    BrokenRule(
        "Public responses set no cookie",
        "portal/core/http/middleware.py",
        "response.cookies.clear()",
        "pass",
        ("tests/portal/core/http/test_public_cookies.py",),
    ),
    BrokenRule(
        "Views are closed by default",
        "portal/core/http/middleware.py",
        'if not getattr(view, "login_required", True):',
        'if not getattr(view, "login_required", False):',
        ("tests/portal/core/http/test_middleware.py",),
    ),
    BrokenRule(
        "Each encoding has its own ETag",
        "portal/core/http/middleware.py",
        "{digest}-{encoding}",
        "{digest}",
        ("tests/portal/core/http/test_middleware.py",),
    ),
    BrokenRule(
        "Responses to requests with a key are not shared",
        "portal/core/http/middleware.py",
        "if has_api_credentials(request):\n            response",
        "if False:\n            response",
        ("tests/portal/core/api/test_keys.py",),
    ),
    BrokenRule(
        "Keys of inactive agencies are refused",
        f"{ACCOUNTS}/querysets.py",
        ", agency__is_active=True)",
        ")",
        ("tests/portal/core/api/test_keys.py",),
    ),
    BrokenRule(
        "Expired keys are refused",
        f"{ACCOUNTS}/querysets.py",
        "expiry_date__gt=at, agency__is_active",
        "agency__is_active",
        ("tests/portal/core/api/test_keys.py",),
    ),
    BrokenRule(
        "Hidden objects are hidden in every list",
        f"{ACCOUNTS}/visibility.py",
        "return not site.get_model_admin(model).has_view_permission(request)",
        "return False",
        ("tests/project/test_visibility.py",),
    ),
    BrokenRule(
        "An add form is saved once",
        f"{ACCOUNTS}/add_forms.py",
        "if pending.earlier is not None:",
        "if False:",
        (f"{ACCOUNT_TESTS}/test_add_forms.py",),
    ),
    BrokenRule(
        "A code of an authenticator app is valid once",
        f"{ACCOUNTS}/second_factors.py",
        ">= step",
        "> step",
        (f"{ACCOUNT_TESTS}/test_second_factor.py",),
    ),
    BrokenRule(
        "Secrets of second factors are encrypted",
        f"{ACCOUNTS}/encryption.py",
        "return _ENCRYPTED_PREFIX + _get_cipher().encrypt(text.encode()).decode()",
        "return text",
        (f"{ACCOUNT_TESTS}/test_encryption.py",),
    ),
    BrokenRule(
        "Erasing a person erases the values in the audit log",
        "portal/reference/people/operations.py",
        "audit.erase_personal_values("
        "person.personal_subject, by=by, at=at, reason=reason)",
        "pass",
        ("tests/portal/reference/people/test_erasure.py",),
    ),
    BrokenRule(
        "Text is stored in NFC",
        "portal/core/translations/cleaning.py",
        'unicodedata.normalize("NFC", text).translate(',
        "text.translate(",
        ("tests/portal/core/translations/test_cleaning.py",),
    ),
    BrokenRule(
        "A text in another language is marked",
        "portal/core/translations/localized_text.py",
        "is_fallback=code != language.code",
        "is_fallback=False",
        ("tests/portal/core/translations/test_localized_text.py",),
    ),
    BrokenRule(
        "The digest covers the record's values",
        "portal/content/catalogue/content_digest.py",
        "                content.values,\n",
        "",
        ("tests/portal/content/catalogue/test_digest.py",),
    ),
    BrokenRule(
        "The digest covers names of related rows in all languages",
        "portal/content/catalogue/content_digest.py",
        "                self._named(entry_data, content),\n",
        "",
        ("tests/portal/content/catalogue/test_digest_names.py",),
    ),
    BrokenRule(
        "An import is started only for the values that were shown",
        "portal/content/spreadsheets/operations.py",
        "if plan_sha256 != batch.plan_sha256:",
        "if False:",
        ("tests/portal/content/spreadsheets/test_values.py",),
    ),
    BrokenRule(
        "An import writes only the values that were shown",
        "portal/content/spreadsheets/operations.py",
        "if batch.plan_sha256 != confirmed_sha256:",
        "if False:",
        ("tests/portal/content/spreadsheets/test_values.py",),
    ),
    BrokenRule(
        "Loading the record keeps the fields that people edited",
        "portal/content/spreadsheets/record_planning.py",
        "            if name in edits\n        ]\n",
        "            if False\n        ]\n",
        (
            "tests/portal/content/spreadsheets/test_kept_edits.py",
            "tests/portal/management/test_load_record_upgrade.py",
        ),
    ),
    BrokenRule(
        "Loading the record leaves open proposals valid",
        "portal/content/publishing/proposal_rebase.py",
        "    if not is_same_state(proposal.base, before):\n",
        "    if True:\n",
        (
            "tests/portal/content/spreadsheets/test_open_proposals.py",
            "tests/portal/content/publishing/test_proposal_rebase.py",
        ),
    ),
    BrokenRule(
        "A dry run of loading the record saves nothing",
        "portal/content/spreadsheets/record_loading.py",
        "        transaction.set_rollback(True)\n",
        "        pass\n",
        (
            "tests/portal/content/spreadsheets/test_open_proposals.py",
            "tests/portal/management/test_load_record_upgrade.py",
        ),
    ),
)


def main(words: list[str]) -> int:
    """Break the rules that contain all of ``words``; return 1 if a test passed."""
    chosen = [rule for rule in RULES if all(word in rule.rule for word in words)]
    with tempfile.TemporaryDirectory(prefix="portal-rules-") as name:
        folder = Path(name) / "portal"
        shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
        for file in dict.fromkeys(file for rule in chosen for file in rule.noticed_by):
            if notices(file, folder):
                message = f"{file} fails although no rule is broken."
                raise RuntimeError(message)
        unnoticed = [
            f"{rule.rule}: {file}" for rule in chosen for file in passing(rule, folder)
        ]
    print(f"{len(chosen)} rules broken.", *unnoticed, sep="\nNot noticed: ")
    return 1 if unnoticed or not chosen else 0


def passing(rule: BrokenRule, folder: Path) -> list[str]:
    """Return the test files that do not notice that the rule is broken."""
    print(rule.rule, flush=True)
    rule.apply(folder)
    try:
        return [file for file in rule.noticed_by if not notices(file, folder)]
    finally:
        rule.restore(folder)


def notices(file: str, folder: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", file]
    completed = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if completed.returncode not in (0, TESTS_FAILED):
        message = f"pytest {file} did not run:\n{completed.stdout}{completed.stderr}"
        raise RuntimeError(message)
    return completed.returncode == TESTS_FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

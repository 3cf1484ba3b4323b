"""File names keep the letters and combining marks of every script."""

import unicodedata
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.models import ImportBatch
from portal.core.files.file_names import (
    build_download_name,
    shorten_file_name,
    truncate,
)
from portal.core.files.models import StoredFile
from tests.admin_forms import token_for
from tests.factories.conference import document
from tests.factories.files import PDF
from tests.factories.publishing import attachment, published, staff
from tests.portal.content.spreadsheets.import_helpers import csv_of, received

ADD = "/admin/files/storedfile/add/"
IMPORT = "/admin/publishing/importbatch/add/"


@pytest.fixture
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.mark.django_db
def test_name_of_an_upload_keeps_its_letters(staff_client):
    """The name is kept from the upload form to the staff and public downloads."""
    names = {
        "កម្មវិធី.pdf": "កម្មវិធី.pdf",
        "กำหนดการประชุมที่เชียงใหม่.pdf": "กำหนดการประชุมที่เชียงใหม่.pdf",
        "ກອງປະຊຸມອັຍການສູງສຸດ.pdf": "ກອງປະຊຸມອັຍການສູງສຸດ.pdf",
        "အစီအစဉ်.pdf": "အစီအစဉ်.pdf",
        unicodedata.normalize("NFD", "Chương trình hội nghị.pdf"): (
            "Chương_trình_hội_nghị.pdf"
        ),
        "会议 纪要.pdf": "会议_纪要.pdf",
    }
    for number, (uploaded_name, stored_name) in enumerate(names.items()):
        upload = SimpleUploadedFile(uploaded_name, PDF + b"\n%% %d\n" % number)
        response = staff_client.post(
            ADD, token_for(staff_client, ADD) | {"upload": upload}
        )
        assert response.status_code == 302, uploaded_name

        stored = StoredFile.objects.latest("pk")
        attachment(published(document()), stored)
        assert stored.name == stored_name
        for address in (
            stored.get_absolute_url(),
            f"/admin/files/storedfile/{stored.pk}/download/",
        ):
            download = staff_client.get(address)
            b"".join(download.streaming_content)
            offered = f"attachment; filename*=utf-8''{quote(stored_name)}"
            assert download["Content-Disposition"] == offered


def test_download_name_has_nothing_unsafe():
    cases = {
        "a/b\\c.pdf": "abc.pdf",
        'a<b>c:d"e|f?g*h.pdf': "abcdefgh.pdf",
        "a%2Fb#c;d.pdf": "a2Fbcd.pdf",
        "gpj\u202efdp.pdf": "gpjfdp.pdf",
        "a\u200bb\ufeffc\u00add\u2066e.pdf": "abcde.pdf",
        "a\x00b\x07c\x85d.pdf": "abc_d.pdf",
        "a\ufe0fb\U000e0100c\u034fd.pdf": "abcd.pdf",
        "\u3164\u115f.pdf": "file.pdf",
        "\u17d2\u17b7.pdf": "file.pdf",
        "\u0301a.pdf": "a.pdf",
        "e\u200b\u0301.pdf": "é.pdf",
        "a\u3000b\u2028c.pdf": "a_b_c.pdf",
        "._a_..pdf": "a.pdf",
        "\ue000a\ud800.pdf": "a.pdf",
    }

    assert {
        raw_name: build_download_name(raw_name, ".pdf") for raw_name in cases
    } == cases


def test_name_is_cut_between_syllables():
    """Each limit is one character below the text's length and inside a syllable."""
    cases = {
        "កម្មវិធី": "កម្មវិ",
        "ကက္က": "က",
        "aที่": "a",
        "aกำ": "a",
        "abเ": "ab",
        "aເກ": "a",
        "ax\u0323\u0302": "a",
        "会议纪要": "会议纪",
    }

    assert {text: truncate(text, len(text) - 1) for text in cases} == cases
    assert truncate("កម្មវិធី", 99) == "កម្មវិធី"


def test_long_name_keeps_its_ending():
    name = build_download_name("ក្ម" * 60 + ".docx", ".pdf")

    assert name == "ក្ម" * 50 + ".pdf"
    assert shorten_file_name("a" * 300 + ".xlsx", 255) == "a" * 250 + ".xlsx"
    assert shorten_file_name("ក្ម" * 90 + ".csv", 255) == "ក្ម" * 83 + ".csv"
    assert shorten_file_name("a" * 300, 255) == "a" * 255


@pytest.mark.django_db
def test_name_of_an_import_keeps_its_letters_and_its_ending(staff_client):
    content = csv_of(("title_zh", "scope"), ("A", "related"))
    name = unicodedata.normalize("NFD", "Hội thảo") + "\u200b.csv"
    upload = SimpleUploadedFile(name, content)

    staff_client.post(
        IMPORT,
        token_for(staff_client, IMPORT) | {"resource": "seminars", "file": upload},
    )

    assert ImportBatch.objects.get().file_name == "Hội thảo.csv"
    stored = received(content, name="កម្មវិធី" * 40 + ".csv")
    assert stored.file_name.startswith("កម្មវិធី")
    assert stored.file_name.endswith(".csv")

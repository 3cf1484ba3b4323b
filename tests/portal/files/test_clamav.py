"""Asking ClamAV, against a daemon of our own that speaks as little as is needed."""

import socket
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files.examination import examine
from portal.files.models import StoredFile
from tests.adminforms import token_for
from tests.factories.files import PNG
from tests.factories.publishing import staff

LARGE = PNG + bytes(200_000)


class Daemon:
    """Reads one INSTREAM and answers; ``heard`` is what was streamed."""

    def __init__(self, listener: socket.socket, answer: bytes, limit=10**9):
        self.heard, self.answer, self.limit = b"", answer, limit
        self.listener = listener
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        asker, _address = self.listener.accept()
        with asker, asker.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4), "big"):
                self.heard += stream.read(size)
                if len(self.heard) > self.limit:
                    break
            asker.sendall(self.answer)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_told):
        self.thread.join()
        self.listener.close()


@pytest.fixture(params=["tcp", "unix"])
def listener(request, settings, tmp_path) -> socket.socket:
    if request.param == "tcp":
        found = socket.create_server(("127.0.0.1", 0))
        settings.CLAMAV_SOCKET = f"127.0.0.1:{found.getsockname()[1]}"
    else:
        found = socket.socket(socket.AF_UNIX)
        settings.CLAMAV_SOCKET = str(tmp_path / "clamd")
        found.bind(settings.CLAMAV_SOCKET)
        found.listen()
    return found


def test_clean_file_is_taken_after_every_byte_was_looked_at(listener):
    with Daemon(listener, b"stream: OK\0") as daemon:
        examined = examine(ContentFile(LARGE))

    assert examined.media_type == "image/png"
    assert daemon.heard == LARGE


def test_file_in_which_something_is_found_is_refused(listener):
    answer = b"stream: Eicar-Test-Signature FOUND\0"

    with Daemon(listener, answer), pytest.raises(ValidationError) as told:
        examine(ContentFile(PNG))

    assert told.value.messages == [
        "The virus scanner found “Eicar-Test-Signature” in the file. It was not stored."
    ]


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense"]
)
def test_file_that_was_not_looked_at_is_refused(answer, listener):
    with (
        Daemon(listener, answer, limit=10),
        pytest.raises(ValidationError, match="could not check the file"),
    ):
        examine(ContentFile(LARGE))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/no/such/socket", "127.0.0.1:1", "nonsense"])
def test_upload_is_refused_while_the_daemon_is_away(address, settings, client):
    settings.CLAMAV_SOCKET = address
    client.force_login(staff(is_superuser=True))

    form = "/admin/files/storedfile/add/"
    upload = SimpleUploadedFile("a.png", PNG)
    answer = client.post(form, token_for(client, form) | {"upload": upload})

    assert "The virus scanner could not check the file" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_nobody_is_asked_without_an_address(settings):
    settings.CLAMAV_SOCKET = ""

    assert examine(ContentFile(PNG)).media_type == "image/png"

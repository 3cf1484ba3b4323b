"""ClamAV client, tested with a minimal daemon of the tests."""

import socket
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.files.models import StoredFile
from portal.core.files.upload_validation import validate_upload
from tests.admin_forms import token_for
from tests.factories.files import PNG
from tests.factories.publishing import staff

LARGE = PNG + bytes(200_000)


class Daemon:
    """A ClamAV daemon that reads one INSTREAM command and sends ``answer``.

    ``heard`` holds the streamed bytes. Reading stops after more than ``limit`` bytes.
    """

    def __init__(self, listener: socket.socket, answer: bytes, limit=10**9):
        self.heard, self.answer, self.limit = b"", answer, limit
        self.listener = listener
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        connection, _address = self.listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4), "big"):
                self.heard += stream.read(size)
                if len(self.heard) > self.limit:
                    break
            connection.sendall(self.answer)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exception):
        self.thread.join()
        self.listener.close()


@pytest.fixture(params=["tcp", "unix"])
def listener(request, settings, tmp_path) -> socket.socket:
    if request.param == "tcp":
        server = socket.create_server(("127.0.0.1", 0))
        settings.CLAMAV_SOCKET = f"127.0.0.1:{server.getsockname()[1]}"
    else:
        server = socket.socket(socket.AF_UNIX)
        settings.CLAMAV_SOCKET = str(tmp_path / "clamd")
        server.bind(settings.CLAMAV_SOCKET)
        server.listen()
    return server


def test_clean_file_is_accepted_after_full_scan(listener):
    with Daemon(listener, b"stream: OK\0") as daemon:
        examined = validate_upload(ContentFile(LARGE))

    assert examined.media_type == "image/png"
    assert daemon.heard == LARGE


def test_infected_file_is_rejected(listener):
    answer = b"stream: Eicar-Test-Signature FOUND\0"

    with Daemon(listener, answer), pytest.raises(ValidationError) as error_info:
        validate_upload(ContentFile(PNG))

    assert error_info.value.messages == [
        (
            "The file was not saved because it contains a virus "
            "(“Eicar-Test-Signature”). Choose another file."
        )
    ]


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense"]
)
def test_unscanned_file_is_rejected(answer, listener):
    with (
        Daemon(listener, answer, limit=10),
        pytest.raises(ValidationError, match="could not be checked for viruses"),
    ):
        validate_upload(ContentFile(LARGE))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/no/such/socket", "127.0.0.1:1", "nonsense"])
def test_upload_is_rejected_when_daemon_is_unreachable(address, settings, client):
    settings.CLAMAV_SOCKET = address
    client.force_login(staff(is_superuser=True))

    form = "/admin/files/storedfile/add/"
    upload = SimpleUploadedFile("a.png", PNG)
    answer = client.post(form, token_for(client, form) | {"upload": upload})

    assert (
        "The file was not saved because it could not be checked "
        "for viruses. Try again later, or contact the system "
        "administrator."
    ) in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_no_scan_without_configured_socket(settings):
    settings.CLAMAV_SOCKET = ""

    assert validate_upload(ContentFile(PNG)).media_type == "image/png"

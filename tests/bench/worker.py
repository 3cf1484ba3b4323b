"""One process on one database: is told the name of a case, answers with milliseconds.

Pages go through the portal's middleware in this process, without a network. Nothing of
a page is kept between requests; connections, templates and what the database keeps in
memory are warm, but for the first request of each case.
"""

import json
import os
import sys
import time
from itertools import cycle

import django
from django.conf import settings
from django.test import Client

from tests.bench.cases import CASES


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    settings.ROOT_URLCONF = "tests.bench.urls"
    client = Client()
    paths = {name: cycle(found) for name, found in CASES.items()}
    for line in sys.stdin:
        print(json.dumps(measured(client, next(paths[line.strip()]))), flush=True)


def measured(client: Client, path: str) -> dict:
    started, used = time.perf_counter(), time.process_time()
    response = client.get(path)
    body = response.getvalue()
    milliseconds = (time.perf_counter() - started) * 1000
    return {
        "path": path,
        "status": response.status_code,
        "ms": milliseconds,
        "cpu": (time.process_time() - used) * 1000,
        "bytes": len(body),
    }


if __name__ == "__main__":
    main()

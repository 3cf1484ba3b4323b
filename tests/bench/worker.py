"""Benchmark worker: reads names of cases and writes a JSON measurement for each.

It uses one database. Requests pass through the portal's middleware in this process,
without a network. No page is cached between requests; connections, templates and the
database's own caches are warm, except in the first request of each case.
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
    paths = {name: cycle(case_paths) for name, case_paths in CASES.items()}
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

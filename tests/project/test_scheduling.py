"""How tests are distributed to processes (``tests/scheduling.py``)."""

from tests.scheduling import scopes


def test_each_run_of_tests_of_one_file_is_a_scope():
    nodeids = ["a.py::one", "a.py::two[x::y]", "b.py::one", "a.py::empties_tables"]

    assert scopes(nodeids) == {
        "a.py::one": "a.py:0",
        "a.py::two[x::y]": "a.py:0",
        "b.py::one": "b.py:2",
        "a.py::empties_tables": "a.py:3",
    }

"""Runs a script as `python script.py` would, with chance taken out of it and its models written down."""

import os
import runpy
import sys
import traceback

from . import hooks, keras_of, record, settle, variables
from . import journal as journals


def run(journal, request):
    packages = keras_of.load(journal, request["packages"])
    settle.apart()
    settle.in_order()
    if request["dropout"]:
        settle.without_dropout()
    recorder = record.Recorder(journal, request["folder"], request["peer"], request)
    hooks.watch(recorder, packages)
    watched = variables.watch(recorder, packages)
    path = os.path.abspath(request["script"])
    sys.argv[:] = [request["script"]] + request["args"]
    sys.path.insert(0, os.path.dirname(path))
    sys.path.append(os.getcwd())
    settle.seed(request["seed"])
    status = 0
    try:
        runpy.run_path(path, run_name="__main__")
    except record.Enough:
        journal.write(event="enough", steps=recorder.steps)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        status = 1
        skip = (os.path.dirname(os.path.abspath(__file__)), os.path.dirname(runpy.__file__) + os.sep + "runpy")
        traceback.print_exc()
        journal.write(event="failed", **journals.failure(error, sys.exc_info()[2], skip, os.getcwd()))
    journal.write(event="ended", status=status)
    sys.stdout.flush()
    if watched is not None:
        watched.finish()
    recorder.finish()
    return status

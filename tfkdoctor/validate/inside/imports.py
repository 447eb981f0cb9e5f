"""Byte-compiles and imports one module of a project, up to its first work on data."""

import os
import sys

from . import hooks, keras_of, modules, offline
from . import journal as journals

HERE = os.path.dirname(os.path.abspath(__file__))


class Reached(BaseException):
    """The module trains, evaluates or predicts while it is imported: so far it was well."""


class Stopper(object):
    """Stands where a recorder would, and ends the import at the first work on data."""

    busy = False
    depth = telling = 0

    def meet(self, model, batch=None, data=False):
        if data:
            raise Reached()


def run(journal, request):
    root = os.path.abspath(request["root"])
    modules.reach(root, request["base"])
    path = os.path.join(root, request["path"])
    offline.cut_off()
    stage = "compile"
    try:
        with open(path, "rb") as file_:
            compile(file_.read(), path, "exec", dont_inherit=True)
        stage = "keras"
        packages = keras_of.load(journal, request["packages"])
        hooks.watch(Stopper(), packages)
        stage = "import"
        modules.load(request["module"])
        journal.write(event="imported", reached="")
    except Reached:
        journal.write(event="imported", reached="its first work on data")
    except SystemExit as error:
        journal.write(event="imported", reached="sys.exit({})".format(error.code))
    except BaseException as error:
        told = journals.failure(error, sys.exc_info()[2], (HERE,), root)
        told.update(journals.kind(error), stage=stage)
        journal.write(event="broke", **told)
    return 0

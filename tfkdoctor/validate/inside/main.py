"""Called as `python main.py REQUEST` in an examined interpreter; REQUEST is a JSON file, the answer a journal.

`task` is one of TASKS; `journal` is where the events go; the other keys are the task's own.
"""

import importlib
import io
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    with io.open(sys.argv[1], encoding="utf-8") as file_:
        request = json.load(file_)
    # Python put this folder in front, and its files are no modules for the examined interpreter.
    sys.path[0] = os.path.dirname(HERE)
    package = os.path.basename(HERE)
    journal = importlib.import_module(package + ".journal").Journal(request["journal"])
    journal.write(event="start", python=".".join(str(part) for part in sys.version_info[:3]))
    try:
        import faulthandler

        faulthandler.enable()
    except ImportError:
        pass
    task = importlib.import_module(package + "." + request["task"])
    del sys.path[0]
    status = task.run(journal, request)
    journal.write(event="done")
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(status)


if __name__ == "__main__":
    main()

"""The trainable variables of a program that has no Keras: the same values at the start, held together at the end.

Programs of graphs are watched through their sessions: once all trainable variables of a graph have a value, the old
side keeps them and the new side takes them over, as `record` does for models. What is left in them at the end, when
the session closes, is compared. A program that became eager is watched as it creates its variables; those of the old
graph are given to them in their order. Variables that have no partner of the same shape are told, and not compared.
"""

import importlib

import numpy

FIRST = 1001  # the number of the first graph among the models
LABEL = "trainable variables"


class Program(object):
    """The variables of one graph, as `record` knows a model."""

    def __init__(self, number, kind):
        self.number = number
        self.kind = kind
        self.session = None
        self.variables = []
        self.start = []
        self.end = None


class Watch(object):
    def __init__(self, recorder):
        self.recorder = recorder
        self.graphs = []  # [(graph, Program)]
        self.eager = None
        self.busy = False

    # -- sessions ---------------------------------------------------------------------------------------------------

    def ran(self, session):
        """A session has run something: perhaps what gave all variables their values."""
        program = self.program(session.graph)
        wanted = session.graph.get_collection("trainable_variables")
        if self.busy or not wanted or len(wanted) == len(program.variables):
            program.session = session
            return
        self.busy = True
        try:
            values = session.run(wanted)
        except Exception:  # FailedPrecondition: not all of them have a value yet
            return
        finally:
            self.busy = False
        program.session, program.variables = session, list(wanted)
        names = [plain(one) for one in wanted]
        if self.recorder.peer is None:
            program.start = values
            self.keep(program, "start", names, values)
            return
        self.busy = True
        try:
            others = session.graph.get_collection("variables")
            program.start = self.take_over(program, names, values, session, others)
        finally:
            self.busy = False

    def closing(self, session):
        """A session is about to close: what its variables hold."""
        for graph, program in self.graphs:
            if graph is session.graph and program.variables and not self.busy:
                self.busy = True
                try:
                    program.end = session.run(program.variables)
                except Exception:
                    pass
                finally:
                    self.busy = False
                program.session = None

    def program(self, graph):
        for known, program in self.graphs:
            if known is graph:
                return program
        self.graphs.append((graph, Program(FIRST + len(self.graphs), "graph")))
        return self.graphs[-1][1]

    def take_over(self, program, names, values, session, others):
        """Give the graph's variables the old side's values; what each begins with."""
        told, kept = self.recorder.told(program, "start"), self.recorder.load(program, "start")
        self.tell(program, len(names))
        if told is None:
            return values
        start = list(values)
        partner = self.pairs(program, told, names, [numpy.shape(one) for one in values])
        for old, new in sorted(partner.items()):
            value = kept[str(old)]
            self.recorder.hold_start(program, told[old]["name"], names[new], [value], [values[new]])
            give(session, program.variables[new], value)
            start[new] = value
        return start

    def pairs(self, program, told, names, shapes):
        """Place on the old side -> place here: by name and shape, where the names are the same, else in order."""
        places = {name: place for place, name in enumerate(names)}
        found = {}
        for old, row in enumerate(told):
            new = places.get(row["name"])
            if new is not None and tuple(row["shape"]) == tuple(shapes[new]):
                found[old] = new
        in_order = [tuple(row["shape"]) for row in told] == [tuple(shape) for shape in shapes]
        if len(found) < len(told) and in_order:
            found = {place: place for place in range(len(told))}
        for old, row in enumerate(told):
            if old not in found:
                self.recorder.journal.write(event="alone", model=program.number, name=row["name"])
        program.partner = found
        return found

    # -- eager ------------------------------------------------------------------------------------------------------

    def created(self, variable):
        """The migrated program has created a variable outside of any graph."""
        if self.eager is None:
            self.eager = Program(FIRST, "eager")
            self.eager.partner = {}
        program = self.eager
        told = self.recorder.told(program, "start")
        place = len(program.variables)
        if told is None or place >= len(told) or tuple(told[place]["shape"]) != tuple(variable.shape):
            return
        if place == 0:
            self.tell(program, len(told))
        value = self.recorder.load(program, "start")[str(place)]
        name = plain(variable)
        self.recorder.hold_start(program, told[place]["name"], name, [value], [variable.numpy()])
        variable.assign(value)
        program.partner[place] = place
        program.variables.append(variable)
        program.start.append(value)

    # -- the end ----------------------------------------------------------------------------------------------------

    def finish(self):
        """At the end of the program: what is in the variables now."""
        for _, program in self.graphs:
            if program.session is not None:
                self.closing(program.session)
            if self.recorder.peer is None and program.end is not None:
                self.keep(program, "end", [plain(one) for one in program.variables], program.end)
            elif program.end is not None:
                self.hold(program, program.end)
        if self.eager is not None and self.eager.variables:
            for row in self.recorder.told(self.eager, "start")[len(self.eager.variables) :]:
                self.recorder.journal.write(event="alone", model=FIRST, name=row["name"])
            self.hold(self.eager, [one.numpy() for one in self.eager.variables])

    def hold(self, program, values):
        told, kept = self.recorder.told(program, "end"), self.recorder.load(program, "end")
        first = self.recorder.load(program, "start")
        for old, new in sorted(program.partner.items()):
            if told is None or old >= len(told):
                continue
            name, other = told[old]["name"], plain(program.variables[new])
            ends = kept[str(old)], values[new]
            self.recorder.hold(program, "variable", name, other, ends[0], ends[1], self.recorder.tolerance)
            ways = [numpy.linalg.norm(numpy.ravel(one) - numpy.ravel(first[str(old)])) for one in ends]
            self.recorder.journal.write(
                event="moved", model=program.number, layer=name, other=other, old=float(ways[0]), new=float(ways[1])
            )

    def keep(self, program, what, names, values):
        if what == "start":
            self.tell(program, len(names))
        self.recorder.save(program, what, {str(place): one for place, one in enumerate(values)})
        rows = [{"name": name, "shape": list(numpy.shape(one))} for name, one in zip(names, values)]
        self.recorder.note(program, what, rows)

    def tell(self, program, count):
        self.recorder.journal.write(
            event="model", model=program.number, name="", kind=program.kind, label=LABEL, layers=count, weights=count
        )


def watch(recorder, packages):
    """Watch a program, if it is one without Keras on the old side; None where it is not."""
    if recorder.peer is None and packages:
        return None
    watched = Watch(recorder)
    if recorder.peer is not None and recorder.told(Program(FIRST, ""), "start") is None:
        return None
    try:
        sessions = importlib.import_module("tensorflow.python.client.session").BaseSession
    except (ImportError, AttributeError):
        return None
    run, close = sessions.run, sessions.close

    def run_and_look(self, *args, **kwargs):
        result = run(self, *args, **kwargs)
        if not watched.busy:
            watched.ran(self)
        return result

    def look_and_close(self):
        watched.closing(self)
        return close(self)

    sessions.run, sessions.close = run_and_look, look_and_close
    if recorder.peer is not None:
        watch_eager(watched)
    return watched


def watch_eager(watched):
    """Tell of each trainable variable that is created outside of graphs, once it has its value."""
    tensorflow = importlib.import_module("tensorflow")
    kind = importlib.import_module("tensorflow.python.ops.resource_variable_ops").ResourceVariable
    create = kind.__init__

    def created(self, *args, **kwargs):
        create(self, *args, **kwargs)
        if type(self) is kind and tensorflow.executing_eagerly() and self.trainable:
            watched.created(self)

    kind.__init__ = created


def give(session, variable, value):
    """Put a value into a variable of a graph, without adding anything to the graph."""
    session.run(variable.initializer, {variable.initializer.inputs[1]: value})


def plain(variable):
    return str(variable.name).split(":")[0]

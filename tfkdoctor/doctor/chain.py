"""The chain of visibility: everything that must be in order between the card and TensorFlow, and the link that breaks.

Card → kernel driver → device nodes → libcuda → NVML → CUDA_VISIBLE_DEVICES → build → CUDA libraries → TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tfkdoctor.doctor.compat import minor
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Build, Driver, Facts, Gpu, Host, Imported, Unknown

CU_NO_DEVICE = 100  # cuInit's answer where it finds no device


@dataclass(frozen=True, slots=True)
class Link:
    """One link: `holds` is None where nothing is known of it."""

    name: str
    holds: bool | None
    what: str


def chain(facts: Facts, version: str) -> tuple[Link, ...]:
    """The links for TensorFlow `version` ("" for none); () on a machine that shows no trace of a card."""
    host = facts.host if isinstance(facts.host, Host) else None
    driver = facts.driver if isinstance(facts.driver, Driver) else None
    gpus = facts.gpus if isinstance(facts.gpus, tuple) else ()
    cards = host.nvidia_cards if host and isinstance(host.nvidia_cards, tuple) else ()
    nodes = host.device_nodes if host else ()
    kernel = driver.kernel if driver and isinstance(driver.kernel, str) else ""
    if driver is None or not (cards or gpus or nodes or kernel):
        return ()
    return (
        card(cards, gpus),
        kernel_link(driver, host, kernel),
        node_link(driver, host),
        libcuda(driver),
        *nvml(driver, version),
        visible(driver, gpus, facts.variable("CUDA_VISIBLE_DEVICES")),
        *build_links(facts, version),
    )


def broken(links: tuple[Link, ...]) -> Link | None:
    """The first link that breaks."""
    return next((link for link in links if link.holds is False), None)


def card(cards: tuple[str, ...], gpus: tuple[Gpu, ...]) -> Link:
    if gpus:
        return Link("card", True, ", ".join(dict.fromkeys(gpu.name for gpu in gpus)))
    return Link("card", True if cards else None, ", ".join(f"PCI {one}" for one in cards) or "none seen on the bus")


def kernel_link(driver: Driver, host: Host | None, kernel: str) -> Link:
    if kernel:
        return Link("kernel driver", True, kernel)
    others = [name for name in (host.card_drivers if host else ()) if name]
    if driver.init == 0:
        return Link("kernel driver", None, "its version is not known")
    return Link("kernel driver", False, f"{others[0]} is bound to the card" if others else "not loaded")


def node_link(driver: Driver, host: Host | None) -> Link:
    nodes = host.device_nodes if host else ()
    if host and host.closed_nodes:
        return Link("device nodes", False, f"{host.closed_nodes[0]} may not be opened by this user")
    if nodes:
        return Link("device nodes", True, ", ".join(nodes))
    if 0 in (driver.init, driver.nvml):  # whoever starts has opened them
        return Link("device nodes", None, "none seen in /dev")
    where = "given to this container" if host and host.container else "in /dev"
    return Link("device nodes", False, f"no /dev/nvidia* {where}")


def libcuda(driver: Driver) -> Link:
    if driver.died:
        return Link("libcuda", False, driver.died[0])
    if isinstance(driver.init, Unknown):
        return Link("libcuda", False, driver.init.reason)
    spoken = f"speaks CUDA {driver.cuda}" if isinstance(driver.cuda, str) else driver.library_file
    if driver.init in (0, CU_NO_DEVICE):  # 100 is about devices: the next links tell
        return Link("libcuda", True, spoken)
    return Link("libcuda", False, f"cuInit answers {driver.init}")


def nvml(driver: Driver, version: str) -> Iterator[Link]:
    """TensorFlow needs NVML since 2.21."""
    if minor(version) >= (2, 21):
        if isinstance(driver.nvml, Unknown):
            yield Link("NVML", None, driver.nvml.reason)
        else:
            yield Link("NVML", driver.nvml == 0, "starts" if driver.nvml == 0 else f"nvmlInit answers {driver.nvml}")


def visible(driver: Driver, gpus: tuple[Gpu, ...], value: str | None) -> Link:
    """What CUDA_VISIBLE_DEVICES leaves; where it is not set, and there is no device all the same, MIG may be why."""
    if not isinstance(driver.visible, int):
        return Link("CUDA_VISIBLE_DEVICES", None, driver.visible.reason)
    total = max(len(gpus), driver.visible)
    said = "not set" if value is None else f"{value or 'empty'}"
    if driver.visible:
        return Link("CUDA_VISIBLE_DEVICES", True, f"{said}, {driver.visible} of {total} visible")
    if value is not None:
        return Link("CUDA_VISIBLE_DEVICES", False, f"{said} leaves none of {total} GPUs")
    bare = next((gpu for gpu in gpus if gpu.mig and not gpu.mig_instances), None)
    why = f"{bare.name} is in MIG mode and has no instance" if bare else "libcuda finds no device"
    return Link("CUDA devices", False, why)


def build_links(facts: Facts, version: str) -> Iterator[Link]:
    if not version:
        return
    build = facts.build
    if isinstance(build, Build) and isinstance(build.cuda_build, bool):
        with_cuda = f"built with CUDA {build.cuda}" if isinstance(build.cuda, str) else "built with CUDA"
        yield Link("build", build.cuda_build, with_cuda if build.cuda_build else "built without CUDA")
        if not build.cuda_build:
            return
    if isinstance(facts.libraries, tuple) and facts.libraries:
        bad = [one for one in facts.libraries if not one.path or one.problem]
        names = ", ".join(one.soname for one in bad)
        yield Link(
            "CUDA libraries", not bad, f"cannot be opened: {names}" if bad else f"all {len(facts.libraries)} found"
        )
    if isinstance(facts.imported, Imported) and isinstance(facts.imported.devices, tuple):
        listed = [name for name in facts.imported.devices if "GPU" in name]
        yield Link("TensorFlow", bool(listed), f"lists {len(listed)} GPUs" if listed else "lists no GPU")


def chain_lines(facts: Facts) -> tuple[str, ...]:
    """The line of a report on the installed TensorFlow; () where nothing shows a trace of a card."""
    installed = () if isinstance(facts.distributions, Unknown) else facts.distributions
    version = next((one.version for one in installed if FAMILY.match(one.name)), "")
    line = chain_line(chain(facts, version))
    return (line,) if line else ()


def chain_line(links: tuple[Link, ...]) -> str:
    """The chain in one line, up to the link that breaks."""
    parts = []
    for link in links:
        parts.append(f"{link.name} {'✗' if link.holds is False else '?' if link.holds is None else '✓'}")
        if link.holds is False:
            return f"GPU chain: {' → '.join(parts)} ({link.what})"
    return f"GPU chain: {' → '.join(parts)}" if parts else ""

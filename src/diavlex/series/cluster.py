"""Workers on many machines, by Ray."""

import os
import signal
import socket
import threading
import time
from dataclasses import replace
from typing import Any

from diavlex.errors import BadValue, shown

from . import machine, pool, work
from .pool import Deed
from .work import Order, Outcome

AHEAD = 2
"""Orders that wait in the cluster, so that no worker waits for the next."""
_LOOK_EVERY_S = 5.0
_ANSWER_S = 5.0
_QUIET = {"USAGE_STATS_ENABLED": "0", "ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
_AT_HOME = _QUIET | {
    "ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # on every system: listen to this machine alone
    "health_check_failure_threshold": "60",  # a busy machine is not a dead one
}
_AWAY = _QUIET | {"gcs_server_port_wait_time_s": "1"}  # one try to join, not twenty
"""What Ray reads from its environment, each behind RAY_; what a person has set there counts."""


class Cluster:
    """A Ray cluster: one that runs, or one of this machine alone that is started here."""

    def __init__(
        self,
        address: str,
        device: str = "cpu",
        workers: int = 0,
        *,
        need: int = machine.NEED,
        deed: Deed | None = None,
    ) -> None:
        """Join a cluster.

        Args:
            address: `auto` for the one that runs on this machine, `HOST:PORT`, or `local` to start
                one here.
            device: cpu or cuda: what a painting is given, one processor or one GPU.
            workers: paintings at a time; 0 as many as the cluster has room for.
            need: bytes of memory for each.
            deed: what is done with an order; it is painted if not said otherwise.

        Raises:
            BadValue: Ray is not installed, or no cluster answers.
        """
        self.ray, self.device, self.most = _join(address, workers), device, workers
        self.need = need
        gets = {"num_cpus": 1, "num_gpus": int(device != "cpu"), "memory": need}
        # Ray does not try again: the next attempt must be claimed, and is, by the driver.
        options = {**gets, "max_retries": 0, "scheduling_strategy": "SPREAD"}
        self.deed = self.ray.remote(**options)(deed or paint)
        self.orders: dict[Any, Order] = {}
        self._looked, self._size = 0.0, 1

    @property
    def size(self) -> int:
        """Paintings that the cluster can work at now; nodes come and go."""
        if time.monotonic() - self._looked > _LOOK_EVERY_S or not self._looked:
            has = self.ray.cluster_resources()
            count = has.get("CPU" if self.device == "cpu" else "GPU", 0)
            fits = min(count, has.get("memory", 0) // self.need)
            self._looked, self._size = time.monotonic(), int(max(1, fits))
        return min(self._size, self.most or self._size)

    @property
    def room(self) -> int:
        """How many more orders it should have."""
        ahead = 0 if self.most else AHEAD
        return max(0, self.size + ahead - len(self.orders))

    def submit(self, order: Order) -> None:
        """Give an order to the cluster."""
        self.orders[self.deed.remote(replace(order, device=self.device))] = order

    def wait(self, patience_s: float) -> list[tuple[Order, Outcome | None]]:
        """Orders that have ended, with what came of them; None where worker or node died."""
        if not self.orders:
            time.sleep(patience_s)
            return []
        ended, _ = self.ray.wait(list(self.orders), num_returns=1, timeout=patience_s)
        return [self._end(reference) for reference in ended]

    def close(self) -> list[tuple[Order, Outcome | None]]:
        """Interrupt all that is being painted, and leave the cluster."""
        orders, self.orders = list(self.orders), {}
        for reference in orders:
            self.ray.cancel(reference, force=False)
        if orders:
            self.ray.wait(orders, num_returns=len(orders), timeout=pool.FAREWELL_S)
        self.ray.shutdown()
        return []

    def _end(self, reference: Any) -> tuple[Order, Outcome | None]:
        order = self.orders.pop(reference)
        try:
            return order, self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as error:  # diavlex is not on that node, or another
            line = str(error).strip().splitlines()[-1][:200]
            return order, Outcome(order.name, "unfit", f"a node of the cluster cannot: {line}")
        except self.ray.exceptions.RayError:
            return order, None


def paint(order: Order) -> Outcome:
    """Paint an order in a worker of the cluster."""
    pool.prepare()
    if threading.current_thread() is threading.main_thread():
        # A program that was begun in the background ignores it, and so do all that it begins.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return work.paint(order)


def _join(address: str, workers: int) -> Any:
    for name, value in (_AT_HOME if address == "local" else _AWAY).items():
        os.environ.setdefault(f"RAY_{name}", value)
    try:
        import ray
    except ImportError as error:
        raise BadValue(
            "--ray needs Ray: pip install 'diavlex[series]', or in a clone '.[series]'."
        ) from error
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == "local":
        how |= {"num_cpus": workers or machine.workers(), "include_dashboard": False}
    else:
        how["address"] = address
    try:
        if address not in ("auto", "local"):
            _check_answers(address)
        ray.init(**how)
    except (OSError, ValueError, RuntimeError) as error:
        line = (str(error).splitlines() or [""])[0]
        raise BadValue(
            f"--ray is '{shown(address)}': no cluster answers there ({shown(line, 120)}); start "
            "one with ray start --head, or say --ray local."
        ) from error
    return ray


def _check_answers(address: str) -> None:
    """Check that anything listens at an address; Ray itself would wait for minutes.

    Raises:
        OSError: nothing does.
        ValueError: it is not of the form HOST:PORT.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("it is not of the form HOST:PORT")
    socket.create_connection((host, int(port)), _ANSWER_S).close()

"""Times training steps of all forms on batches given as JSON: `python3 bench/torch/time_steps.py BATCHES.json`.

A step is forward, backward, clipping by value and SGD with momentum and weight decay on all parameters, as in training.
On the processor one thread is used and each form runs in a process of its own, forked from this one, so that its peak
of memory can be reported. `--device cuda` times on a GPU; the peak is then CUDA's own count. Prints one JSON row a line.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when PyTorch loads

import torch
from torch import Tensor

from flat_model import FlatModel, Form, ModelSettings, contrastive_loss, crf_loss, position_table
from lattice_batch import LatticeBatch
from ragged_model import RaggedModel
from time_products import product_rate

GENERATED_STD = 0.1
WARM_UP = 1
CUDA_WARM_UP = 5


def random_parameters(shapes: dict[str, list[int]], device: str) -> dict[str, Tensor]:
    """Parameters of the given shapes; values do not matter for the time, so long as they stay finite."""
    generator = torch.Generator().manual_seed(1)
    return {
        name: (torch.randn(shape, generator=generator) * GENERATED_STD).to(device).requires_grad_()
        for name, shape in shapes.items()
    }


class Trainer:
    """A network with an optimiser, trained a batch at a time."""

    def __init__(self, job: dict, form: Form, device: str) -> None:
        settings = ModelSettings(**job["settings"])
        self.job, self.form, self.device = job, form, device
        self.parameters = random_parameters(job["shapes"], device)
        table = position_table(settings.max_distance, settings.width).to(device)
        kind = RaggedModel if form == "ragged" else FlatModel
        self.model = kind(settings, self.parameters, table, form)
        rule = job["optimizer"]
        self.clip = rule["clipValue"]
        self.optimizer = torch.optim.SGD(
            self.parameters.values(), rule["learningRate"], rule["momentum"], weight_decay=rule["weightDecay"]
        )
        self.of_tag = torch.tensor(job["classes"], device=device)

    def step(self, batch: LatticeBatch) -> float:
        """One step; its loss."""
        self.optimizer.zero_grad(set_to_none=True)
        characters = self.model.encode(batch)
        if self.job["objective"] == "crf":
            loss = crf_loss(self.model.emissions(characters, batch), self.parameters["crf.trans_m"], batch)
        else:
            classes = self.of_tag[batch.target[batch.character_mask()]]
            features = self.model.character_rows(characters, batch)
            loss = contrastive_loss(self.form, features, classes, self.job["outside"], self.job["temperature"])
        if loss is None:
            return 0.0
        loss.backward()
        given = [parameter for parameter in self.parameters.values() if parameter.grad is not None]
        torch.nn.utils.clip_grad_value_(given, self.clip)
        self.optimizer.step()
        return loss.item()


def measure(job: dict, form: Form, device: str, warm_up: int, steps: int) -> dict:
    """Median milliseconds of a step by the clock and by this process's time on the processor.

    Ends early, with at least one step, when the job's seconds are over.
    """
    ends_at = time.perf_counter() + job["seconds"]
    trainer = Trainer(job, form, device)
    batches = [LatticeBatch.of(source).to(device) for source in job["batches"]]
    wall, processor = [], []
    base = peak_bytes(device)
    for index in range(warm_up + steps):
        batch = batches[index % len(batches)]
        started, started_processor = time.perf_counter(), time.process_time()
        trainer.step(batch)
        if device == "cuda":
            torch.cuda.synchronize()
        if index >= warm_up:
            wall.append(1000 * (time.perf_counter() - started))
            processor.append(1000 * (time.process_time() - started_processor))
            if time.perf_counter() > ends_at:
                break
    held = sum(parameter.numel() * 4 for parameter in trainer.parameters.values())
    more = peak_bytes(device) if device == "cuda" else peak_bytes(device) - base + held
    return {
        "case": job["case"],
        "form": form,
        "msMedian": statistics.median(wall),
        "cpuMsMedian": statistics.median(processor),
        "steps": len(wall),
        "bytesPeak": more,
    }


def peak_bytes(device: str) -> int:
    """Most bytes held so far."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure_apart(job: dict, form: Form, warm_up: int, steps: int) -> None:
    """Measures in a forked process, whose peak of memory is its own, and prints the row."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            print(json.dumps(measure(job, form, "cpu", warm_up, steps)), flush=True)
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1] != 0:
        print(json.dumps({"case": job["case"], "form": form, "failed": True}), flush=True)


def measure_on_gpu(job: dict, form: Form, steps: int) -> None:
    """Measures on the CUDA device and prints the row; one that says so where memory does not suffice."""
    torch.cuda.reset_peak_memory_stats()
    try:
        row = measure(job, form, "cuda", CUDA_WARM_UP, max(steps, 10))
    except RuntimeError as error:  # CUDA's "out of memory" is one
        print(error, file=sys.stderr)
        row = {"case": job["case"], "form": form, "failed": True}
    print(json.dumps(row), flush=True)
    torch.cuda.empty_cache()


def main() -> None:
    """Reads the jobs and measures each form in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--forms", default="published,fast,ragged")
    options = parser.parse_args()
    torch.set_num_threads(1)
    name = torch.cuda.get_device_name() if options.device == "cuda" else "CPU, 1 thread"
    head = {"torch": torch.__version__, "adapter": name, "gigaflops": product_rate()}
    print(json.dumps(head), flush=True)
    for job in json.loads(options.jobs.read_text(encoding="utf-8")):
        for form in options.forms.split(","):
            steps = job["steps"][form]
            if steps == 0:
                continue
            if options.device == "cuda":
                measure_on_gpu(job, form, steps)
            else:
                measure_apart(job, form, WARM_UP, steps)


if __name__ == "__main__":
    main()

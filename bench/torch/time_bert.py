"""Passes of BERT on demand, so that they can take turns with another program's: `python3 time_bert.py JOB.json`.

Reads one command a line: `export FILE` writes the model as ONNX; `forward` and `step` (forward, backward, clipping by
value, SGD with momentum and weight decay) do one pass. Answers each with a JSON line: milliseconds by the clock and of
processor time, and the first numbers and the length of the output before the update. One thread, or a CUDA device.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when PyTorch loads

import torch
from torch import Tensor

from bert_model import Bert, loss_weights, piece_ids


class Passes:
    """A model with its ids, and an optimiser from the first step on."""

    def __init__(self, job: dict, device: str) -> None:
        self.device, self.rule = device, job["optimizer"]
        self.model = Bert(job["shapes"], job["layers"], job["heads"], job["epsilon"]).to(device)
        self.ids = piece_ids(job["sentences"], job["length"], job["pieces"]).to(device)
        width = job["shapes"]["embeddings.LayerNorm.weight"][0]
        self.weights = loss_weights(self.ids.numel() * width).reshape(*self.ids.shape, width).to(device)
        self.optimizer = None

    def forward(self) -> Tensor:
        """The output, without gradients."""
        with torch.no_grad():
            return self.model(self.ids)

    def step(self) -> Tensor:
        """The output before the update."""
        parameters = list(self.model.parameters())
        rule = self.rule
        if self.optimizer is None:
            self.optimizer = torch.optim.SGD(
                parameters, rule["learningRate"], rule["momentum"], weight_decay=rule["weightDecay"]
            )
        self.optimizer.zero_grad(set_to_none=True)
        output = self.model(self.ids)
        (output * self.weights).sum().backward()
        torch.nn.utils.clip_grad_value_(parameters, rule["clipValue"])
        self.optimizer.step()
        return output.detach()

    def timed(self, command: str) -> dict:
        """One pass by its name."""
        started, started_processor = time.perf_counter(), time.process_time()
        output = getattr(self, command)()
        if self.device == "cuda":
            torch.cuda.synchronize()
        wall, processor = time.perf_counter() - started, time.process_time() - started_processor
        first = output.flatten()[:8].tolist()
        return {"ms": 1000 * wall, "cpuMs": 1000 * processor, "first": first, "norm": output.double().norm().item()}

    def export(self, path: str) -> dict:
        """Writes the model with the shape of the ids fixed."""
        torch.onnx.export(
            self.model, (self.ids,), path, opset_version=14, input_names=["pieces"], output_names=["rows"]
        )
        return {"exported": path}


def main() -> None:
    """Answers commands until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", type=Path)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    passes = Passes(json.loads(options.job.read_text(encoding="utf-8")), options.device)
    name = torch.cuda.get_device_name() if options.device == "cuda" else "CPU, 1 thread"
    print(json.dumps({"torch": torch.__version__, "adapter": name}), flush=True)
    for line in sys.stdin:
        command, *rest = line.split(maxsplit=1)
        answer = passes.export(rest[0].strip()) if command == "export" else passes.timed(command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

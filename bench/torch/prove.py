"""Largest differences of all forms from the published program's numbers: `python3 bench/torch/prove.py FIXTURES`.

FIXTURES is a folder with flat-tiny/ and contrastive/ (the project's own fixtures/ when not given). Prints one row a
case and form; exits 1 when a difference exceeds its tolerance.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when PyTorch loads

import torch
from torch import Tensor

from fixture_file import read_json, read_tensors
from flat_model import FlatModel, Form, ModelSettings, contrastive_loss, crf_loss
from lattice_batch import LatticeBatch
from ragged_model import RaggedModel

FORMS: tuple[Form, ...] = ("published", "fast", "ragged")
# Of fixtures/README: what float32 may differ by, the larger of absolute and relative.
VALUE_TOLERANCE = (1e-5, 1e-5)
GRADIENT_TOLERANCE = (2e-5, 1e-5)
CONTRASTIVE_TOLERANCE = (1e-6, 1e-5)
CONTRASTIVE_GRADIENT_TOLERANCE = (5e-6, 1e-5)


class Report:
    """Rows of differences, and whether all were within their tolerances."""

    def __init__(self) -> None:
        self.failures = 0

    def compare(self, case: str, form: Form, pairs: dict[str, tuple[Tensor, Tensor]], tolerance: tuple[float, float]) -> None:
        """One row for a group of quantities: ours and expected by name."""
        absolute, relative = tolerance
        worst, worst_name, is_right = 0.0, "", True
        for name, (ours, expected) in pairs.items():
            difference = (ours.detach().double() - expected.double()).abs()
            limit = (expected.double().abs() * relative).clamp_min(absolute)
            is_right = is_right and bool((difference <= limit).all()) and bool(torch.isfinite(ours).all())
            if difference.numel() and difference.max().item() >= worst:
                worst, worst_name = difference.max().item(), name
        self.failures += 0 if is_right else 1
        print(f"{'ok' if is_right else 'FAIL':5}{case:46}{form:11}{len(pairs):3} quantities, largest {worst:.2e} ({worst_name})")


def class_names(labels: list[str]) -> tuple[list[int], int]:
    """Semantic class of each tag id (its type without B/I), and that of O; -1 when O is no tag."""
    names = [label.split("-")[-1] if not label.startswith("<") else label for label in labels]
    order = sorted(set(names))
    return [order.index(name) for name in names], order.index("O") if "O" in order else -1


def prove_flat(folder: Path, report: Report) -> None:
    """Activations, both losses and all gradients of one case of flat-tiny."""
    expected = read_json(folder / "expected.json")
    config = expected["config"]
    settings = ModelSettings(config["hidden"], config["heads"], config["layers"], config["max_seq_len"])
    batch = LatticeBatch.of(read_tensors(folder / "inputs.safetensors"))
    outputs = read_tensors(folder / "outputs.safetensors")
    valid = torch.arange(batch.nodes)[None] < (batch.seq_len + batch.lex_num)[:, None]
    mask = batch.character_mask()
    of_tag, outside = class_names(config["labels"])
    classes = torch.tensor(of_tag)[batch.target]
    objectives = {"crf": "loss_crf_mean", **{f"ctr_t{t}": f"loss_ctr_temp_{t}" for t in ("0.07", "0.08")}}
    for form in FORMS:
        for objective, loss_name in objectives.items():
            parameters = read_tensors(folder / "params.safetensors")
            table = parameters.pop("pe")
            trained = {name: value.requires_grad_() for name, value in parameters.items() if value.is_floating_point()}
            model = (RaggedModel if form == "ragged" else FlatModel)(settings, trained, table, form)
            encoded = model.encode(batch)
            characters = model.character_rows(encoded, batch)
            if objective == "crf":
                emissions = model.emissions(encoded, batch)
                loss = crf_loss(emissions, trained["crf.trans_m"], batch)
                values = {
                    "encoder_output_chars": (characters, outputs["encoder_output_chars"][mask]),
                    "encoder_input": (model.inputs(batch)[valid], outputs["encoder_input"][valid]),
                    "output_logits": (emissions[mask], outputs["output_logits"][mask]),
                }
                report.compare(f"{folder.name} activations", form, values, VALUE_TOLERANCE)
            else:
                temperature = float(objective.removeprefix("ctr_t"))
                loss = contrastive_loss(form, characters, classes[mask], outside, temperature)
            loss.backward()
            report.compare(f"{folder.name} {objective} loss", form, {"loss": (loss, torch.tensor(expected[loss_name]))}, VALUE_TOLERANCE)
            path = folder / f"grads_{objective}.safetensors"
            if not path.exists():  # the project's own selection leaves some temperatures out
                continue
            wanted = read_tensors(path)
            pairs = {name: (trained[name].grad, gradient) for name, gradient in wanted.items()}
            report.compare(f"{folder.name} {objective} gradients", form, pairs, GRADIENT_TOLERANCE)


def prove_contrastive(path: Path, report: Report) -> None:
    """Loss and gradient of one case of the contrastive fixtures at all temperatures."""
    expected = read_json(path.with_suffix(".json"))
    tensors = read_tensors(path)
    names = expected["id_to_label"]
    of_tag, outside = class_names([names[str(index)] for index in range(len(names))])
    labels = tensors["labels"].long()
    mask = labels != 0
    classes = torch.tensor(of_tag)[labels]
    for form in FORMS:
        losses, gradients = {}, {}
        for temperature, row in expected["temps"].items():
            features = tensors["x"].clone().requires_grad_()
            loss = contrastive_loss(form, features[mask], classes[mask], outside, float(temperature))
            value = torch.zeros(()) if loss is None else loss
            losses[temperature] = (value, torch.tensor(row["loss_f64_numpy"], dtype=torch.float64))
            if loss is not None:
                loss.backward()
                key = next(name for name in tensors if name.startswith("grad_temp_") and float(name[10:]) == float(temperature))
                gradients[temperature] = (features.grad, tensors[key])
        report.compare(f"contrastive {path.stem} loss", form, losses, CONTRASTIVE_TOLERANCE)
        if gradients:
            report.compare(f"contrastive {path.stem} gradient", form, gradients, CONTRASTIVE_GRADIENT_TOLERANCE)


def main() -> int:
    """Compares every case that the folder holds."""
    torch.set_num_threads(1)
    default = Path(__file__).resolve().parents[2] / "fixtures"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    report = Report()
    for folder in sorted((root / "flat-tiny").glob("ff_two*")):
        if folder.is_dir():
            prove_flat(folder, report)
    for path in sorted((root / "contrastive").glob("*.safetensors")):
        prove_contrastive(path, report)
    print("all within tolerance" if report.failures == 0 else f"{report.failures} comparisons beyond tolerance")
    return 0 if report.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

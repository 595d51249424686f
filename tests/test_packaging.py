"""What is installed from the wheel builds the same workbook, with the templates that came with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.built import HEINOLA, ROOT, TEMPLATE, TESTS, Built
from taulukko.template import find_template

OLDEST = TESTS / "oldest.txt"
WHERE = "import taulukko; from taulukko.template import find_template as f; print(taulukko.__file__, f('{name}'))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as the wheel has it, and nothing else."""
    folder, wheels = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", ROOT, "--no-deps", "--wheel-dir", wheels], check=True)
    subprocess.run([*pip, "install", "--no-deps", "--target", folder, *wheels.glob("*.whl")], check=True)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> str:
    """What Python prints in a folder, with the installed package before any other."""
    environment = os.environ | {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_templates_are_found_in_the_package(installed, tmp_path):
    package = installed / "taulukko"
    found = run(installed, tmp_path, "-c", WHERE.format(name="osavuosikatsaus")).split()
    assert found == [f"{package / '__init__.py'}", f"{package / 'templates' / 'osavuosikatsaus'}"]


def test_templates_are_found_nowhere_else(installed, tmp_path):
    """Not beside the folder that the package is installed in, where a checkout has its templates."""
    decoy = installed.parent / "templates" / "decoy"
    decoy.mkdir(parents=True, exist_ok=True)
    (decoy / "template.toml").touch()
    with pytest.raises(subprocess.CalledProcessError) as raised:
        run(installed, tmp_path, "-c", WHERE.format(name="decoy"))
    assert "template_unknown: decoy" in raised.value.stderr


def test_the_package_carries_every_file_of_the_template(installed):
    packaged = installed / "taulukko" / "templates" / "osavuosikatsaus"
    assert {p.name: p.read_bytes() for p in packaged.iterdir()} == {p.name: p.read_bytes() for p in TEMPLATE.iterdir()}


def test_the_package_is_marked_as_typed(installed):
    assert (installed / "taulukko" / "py.typed").exists()


def test_the_package_carries_what_the_task_pane_of_a_server_runs(installed):
    assert (installed / "taulukko" / "in_excel" / "server.js").exists()


def test_the_installed_command_builds_the_same_workbook(installed, tmp_path, finnish: Built):
    shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx"))
    run(installed, tmp_path, "-m", "taulukko", "build", "data")
    assert (tmp_path / "data" / "osavuosikatsaus.xlsx").read_bytes() == finnish.path.read_bytes()


def test_the_checkout_finds_its_own_templates():
    assert find_template("osavuosikatsaus") == TEMPLATE


def test_the_oldest_versions_that_are_tested_are_those_that_are_allowed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    bounds = dict(re.split("[>=]=", one) for one in (*project["dependencies"], *extras))
    tested = dict(line.split("==") for line in OLDEST.read_text(encoding="utf-8").splitlines() if "==" in line)
    needed = {re.split("[>=]=", one)[0] for one in project["dependencies"]}
    assert needed <= tested.keys()
    assert {name: tuple(version.split(".")[: bounds[name].count(".") + 1]) for name, version in tested.items()} == {
        name: tuple(bounds[name].split(".")) for name in tested
    }
    assert [name for name, version in tested.items() if set(version.removeprefix(bounds[name])) - set(".0")] == []

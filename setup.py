"""What pyproject.toml cannot say: the optional compiled scorer, and the released model that the wheel carries.

The extension is optional: without a compiler the installation succeeds and NumPy computes the same scores, slower.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
RELEASED = ROOT / "models" / "released"

# Microsoft's compiler optimises by default and fuses no multiply-add; the others are told so, for equal scores.
# Python's own flags ask for debugging symbols (`-g`), which would weigh more than the code.
FLAGS = [] if sys.platform == "win32" else ["-O3", "-ffp-contract=off", "-g0"]


def list_extensions() -> list[Extension]:
    """One optional extension per Cython source; none where Cython itself is missing."""
    sources = sorted((ROOT / "src").rglob("*.pyx"))
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    extensions = cythonize(
        [
            Extension(
                ".".join(source.relative_to(ROOT / "src").with_suffix("").parts),
                [source.relative_to(ROOT).as_posix()],
                extra_compile_args=FLAGS,
            )
            for source in sources
        ],
        language_level=3,
    )
    for extension in extensions:
        extension.optional = True  # Cython makes extensions of its own, which forget it
    return list(extensions)


class BuildWithModel(build_py):
    """`build_py` that copies `models/released` into the package as `classifier/_released`.

    An editable installation copies nothing: `classifier.released` finds the folder of the checkout.
    """

    def run(self) -> None:
        """Copy the modules and package data, then the model."""
        super().run()
        if not self.editable_mode and RELEASED.is_dir():
            target = Path(self.build_lib) / "classifier" / "_released"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(RELEASED, target)


setup(ext_modules=list_extensions(), cmdclass={"build_py": BuildWithModel})

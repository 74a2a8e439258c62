#!/usr/bin/env python3
"""Set up and run the project with nothing but Python: `python3 lancer.py demo`, `python3 lancer.py test`.

Makes a virtual environment in `.venv`, installs the hashed requirements and the package, then runs. Standard library
only; Linux, macOS and Windows; a second call installs only what changed. Messages are French, for the tool's users.
The syntax stays readable from Python 3.6 on, so that an old one reaches the message that says which is needed.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MARK = VENV / "lancer.json"
OUTPUT = ROOT / "sortie" / "demo"
POLICY = "drummondville"

# Profile → requirement files, in the order of installation. `outils` holds what builds the package.
PROFILES = {"base": ["outils", "base"], "test": ["outils", "test"], "spark": ["spark"]}

HELP = """Utilisation : python3 lancer.py COMMANDE

  demo          installe l'essentiel, puis évalue un exemple d'export avec le modèle livré
  test [...]    installe tout, puis lance les tests (les arguments vont à pytest)
  installer     installe tout, sans rien lancer

Tout va dans « .venv », à côté de ce fichier; une deuxième fois, seul ce qui a changé est installé."""


class SetUpError(Exception):
    """Something that stops the set-up; its text is what the user reads."""


def say(text):
    """Print at once: the subprocesses write to the same terminal."""
    print(text, flush=True)


def check_python():
    """Refuse a Python that is too old, or that cannot make virtual environments."""
    if sys.version_info < OLDEST:
        raise SetUpError(
            f"Python {OLDEST[0]}.{OLDEST[1]} ou plus récent est nécessaire; celui-ci est le "
            f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}).\n"
            "À faire : installez une version récente, puis lancez par exemple « python3.11 lancer.py demo » "
            "(sous Windows : « py -3.11 lancer.py demo »)."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise SetUpError(
            "Ce Python ne peut pas créer d'environnement virtuel (module « venv » ou « ensurepip » absent).\n"
            "À faire : sous Debian ou Ubuntu, installez le paquet « python3-venv », puis relancez la commande."
        ) from None


def venv_python():
    """Path of the environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read_mark():
    """What the last complete set-up wrote: Python, place and one digest per profile; empty if none holds here."""
    try:
        mark = json.loads(MARK.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    here = {"python": list(sys.version_info[:2]), "root": str(ROOT)}
    return mark if {key: mark.get(key) for key in here} == here else {}


def make_venv():
    """Create `.venv`, or make it anew if it does not run, was moved, or belongs to another Python."""
    if read_mark() and venv_python().exists():
        works = subprocess.run([str(venv_python()), "-m", "pip", "--version"], stdout=subprocess.DEVNULL)
        if works.returncode == 0:
            return
    say("Création de l'environnement virtuel (.venv)…")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode != 0:
        raise SetUpError(
            f"L'environnement virtuel n'a pas pu être créé dans {VENV}.\n"
            "À faire : vérifiez que le dossier est accessible en écriture et qu'aucun programme n'utilise « .venv », "
            "puis relancez la commande."
        )
    write_mark({})


def write_mark(digests):
    """Record the digests of the profiles that are installed in full."""
    mark = {"python": list(sys.version_info[:2]), "root": str(ROOT), "profiles": digests}
    MARK.write_text(json.dumps(mark, indent=1), encoding="utf-8")


def digest_files(paths):
    """SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def install_profile(profile):
    """Install the hashed requirements of `profile`, unless the last set-up did."""
    files = [ROOT / "requirements" / (name + ".txt") for name in PROFILES[profile]]
    digests = read_mark().get("profiles", {})
    digest = digest_files(files)
    if digests.get(profile) == digest:
        return
    say(f"Installation des bibliothèques ({profile}); la première fois, cela prend quelques minutes…")
    for path in files:
        # Everything that the base needs comes as wheels: no compiler is ever called for it.
        binary = [] if path.stem in ("test", "spark") else ["--only-binary", ":all:"]
        run_pip(["--require-hashes", "--no-build-isolation", *binary, "-r", str(path)], path.name)
    digests[profile] = digest
    write_mark(digests)


def install_package():
    """Install the package from this folder, in place; the compiled scorer too where a compiler is found."""
    sources = [ROOT / "pyproject.toml", ROOT / "setup.py", *sorted((ROOT / "src").rglob("*.pyx"))]
    digests = read_mark().get("profiles", {})
    digest = digest_files(sources)
    if digests.get("classifier") == digest:
        return
    say("Installation du classificateur…")
    run_pip(["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)], "classifier")
    digests["classifier"] = digest
    write_mark(digests)


def run_pip(arguments, what):
    """Run `pip install` quietly; a failure says what to look at."""
    pip = [str(venv_python()), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if subprocess.run([*pip, *arguments]).returncode != 0:
        raise SetUpError(
            f"L'installation a échoué ({what}); le message de pip est ci-dessus.\n"
            "À faire : vérifiez l'accès au dépôt de paquets (réseau, mandataire) et l'espace libre, puis relancez : "
            "ce qui est déjà installé ne le sera pas de nouveau."
        )


def run_classifier(*arguments):
    """Run a `classifier` command in the environment and stop if it fails."""
    say("\n> classifier " + " ".join(arguments))
    code = subprocess.run([str(venv_python()), "-m", "classifier", *arguments], cwd=str(ROOT)).returncode
    if code != 0:
        raise SetUpError(f"La commande « classifier {arguments[0]} » s'est terminée avec le code {code}.")


def run_demo():
    """Score the shipped Facebook export with the shipped model; verify the audit log; say where things are."""
    samples = sorted((ROOT / "data" / "samples").glob("*facebook*.json"))
    if not samples:
        raise SetUpError(
            "L'exemple d'export Facebook manque dans « data/samples ».\n"
            "À faire : reprenez une copie complète du projet."
        )
    make_venv()
    install_profile("base")
    install_package()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    table, page, log = (
        (OUTPUT / name).relative_to(ROOT).as_posix() for name in ("decisions.csv", "sommaire.html", "audit.db")
    )
    export = samples[0].relative_to(ROOT).as_posix()
    audit = "sqlite:///" + log
    run_classifier("score", export, "--policy", POLICY, "-o", table, "--report", page, "--audit", audit)
    run_classifier("audit", "verify", audit)
    say(f"\nC'est fait. Les résultats sont dans {OUTPUT} :")
    say("  decisions.csv           le tableau des décisions, une ligne par commentaire")
    say("  decisions.ecartes.csv   ce qui n'est pas un commentaire, et pourquoi")
    say("  sommaire.html           la page à lire, les cas urgents d'abord (s'ouvre dans un navigateur)")
    say("  audit.db                le registre des décisions, vérifié; sa clé est à côté")
    return 0


def run_tests(arguments):
    """Run the test suite; arguments go to pytest."""
    make_venv()
    install_profile("test")
    for profile in os.environ.get("CLASSIFIER_TEST_PROFILES", "").split():
        install_profile(profile)
    install_package()
    return subprocess.run([str(venv_python()), "-m", "pytest", *arguments], cwd=str(ROOT)).returncode


def prepare_environment():
    """Set up everything for development, and say how to enter the environment."""
    make_venv()
    install_profile("test")
    install_package()
    enter = ".venv\\Scripts\\activate" if os.name == "nt" else "source .venv/bin/activate"
    say(f"L'environnement est prêt. Pour y entrer : {enter}")
    return 0


def main(arguments):
    """Read the command and run it; 0 done, 1 set-up failed, 2 usage, else the code of what was run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("-h", [])
    if command in ("-h", "--help"):
        say(HELP)
        return 0
    runs = {"demo": run_demo, "test": lambda: run_tests(rest), "installer": prepare_environment}
    if command not in runs or (rest and command != "test"):
        wrong = command if command not in runs else rest[0]
        print(f"Erreur : argument inconnu, « {wrong} ».\n\n{HELP}", file=sys.stderr)
        return 2
    start_s = time.monotonic()
    try:
        check_python()
        code = runs[command]()
    except SetUpError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    say(f"Durée totale : {time.monotonic() - start_s:.0f} s")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

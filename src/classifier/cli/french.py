"""click's own words in French: « Utilisation », « Option inconnue », « Valeur manquante »…

click looks its messages up through `gettext`, which follows the locale of the machine: a Québec town's server set to
English would mix two languages on one screen. This tool speaks French wherever it runs, so `install` gives click's
modules this table in place of `gettext`; nothing else in the process is touched. `tests/cli/test_french.py` reads
every message out of the installed click and fails when one has no translation here.
"""

from __future__ import annotations

from importlib import import_module

import click

__all__ = ["MESSAGES", "install", "translate", "translate_plural"]

#: The modules of click that look messages up.
MODULES = (
    "_termui_impl", "core", "decorators", "exceptions", "formatting", "parser", "shell_completion", "termui", "types",
    "utils",
)  # fmt: skip

_NBSP = "\N{NO-BREAK SPACE}"

#: click's message → ours. The fields between braces are click's.
MESSAGES = {
    # Help
    "Usage:": f"Utilisation{_NBSP}:",
    "Options": f"Options{_NBSP}",  # click adds the colon
    "Commands": f"Commandes{_NBSP}",
    "Positional arguments": f"Arguments{_NBSP}",
    "Show this message and exit.": "Affiche cette aide et s'arrête.",
    "Show the version and exit.": "Affiche la version et s'arrête.",
    "%(prog)s, version %(version)s": "%(prog)s, version %(version)s",
    "default: {default}": f"par défaut{_NBSP}: {{default}}",
    "env var: {var}": f"variable{_NBSP}: {{var}}",
    "required": "obligatoire",
    "(dynamic)": "(calculé)",
    "deprecated": "désuet",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": (
        f"Avertissement{_NBSP}: la commande {{name}} est désuète.{{extra_message}}"
    ),
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": (
        f"Avertissement{_NBSP}: {{name}} est désuet.{{extra_message}}"
    ),
    # Errors of usage
    "Error: {message}": f"Erreur{_NBSP}: {{message}}",
    "Try '{command} {option}' for help.": f"Pour l'aide{_NBSP}: {{command}} {{option}}",
    "Missing command.": "Il manque une commande.",
    "Missing argument": "Argument manquant",
    "Missing option": "Option manquante",
    "Missing parameter": "Paramètre manquant",
    "Missing {param_type}": f"Il manque{_NBSP}: {{param_type}}",
    "Missing parameter: {param_name}": f"Paramètre manquant{_NBSP}: {{param_name}}",
    "No such option {name!r}.": f"L'option «{_NBSP}{{name}}{_NBSP}» n'existe pas.",
    "No such command {name!r}.": f"La commande «{_NBSP}{{name}}{_NBSP}» n'existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility}?",
    "(Did you mean one of: {possibilities}?)": f"(Vouliez-vous dire l'une de celles-ci{_NBSP}: {{possibilities}}?)",
    "Invalid value: {message}": f"Valeur invalide{_NBSP}: {{message}}",
    "Invalid value for {param_hint}: {message}": f"Valeur invalide pour {{param_hint}}{_NBSP}: {{message}}",
    "Invalid start character for option ({option})": "Caractère initial invalide pour une option ({option})",
    "Option {name!r} does not take a value.": f"L'option «{_NBSP}{{name}}{_NBSP}» ne prend pas de valeur.",
    "Option {name!r} requires an argument.": f"L'option «{_NBSP}{{name}}{_NBSP}» demande une valeur.",
    "Option {name!r} requires {nargs} arguments.": f"L'option «{_NBSP}{{name}}{_NBSP}» demande {{nargs}} valeurs.",
    "Argument {name!r} takes {nargs} values.": f"L'argument «{_NBSP}{{name}}{_NBSP}» prend {{nargs}} valeurs.",
    "Got unexpected extra argument ({args})": "Il y a un argument de trop ({args}).",
    "Got unexpected extra arguments ({args})": "Il y a des arguments de trop ({args}).",
    "Takes {nargs} values but 1 was given.": "{nargs} valeurs sont attendues; il y en a 1.",
    "Takes {nargs} values but {len} were given.": "{nargs} valeurs sont attendues; il y en a {len}.",
    "{len_type} values are required, but {len_value} was given.": (
        "{len_type} valeurs sont attendues; il y en a {len_value}."
    ),
    "{len_type} values are required, but {len_value} were given.": (
        "{len_type} valeurs sont attendues; il y en a {len_value}."
    ),
    "Value must be an iterable.": "Plusieurs valeurs sont attendues.",
    # Values
    "Choose from:\n\t{choices}": f"Choix possibles{_NBSP}:\n\t{{choices}}",
    "Choice({choices})": "Choice({choices})",
    "{value!r} is not {choice}.": f"«{_NBSP}{{value}}{_NBSP}» n'est pas {{choice}}.",
    "{value!r} is not one of {choices}.": f"«{_NBSP}{{value}}{_NBSP}» n'est pas parmi {{choices}}.",
    "{value!r} does not match the format {format}.": f"«{_NBSP}{{value}}{_NBSP}» n'a pas la forme {{format}}.",
    "{value!r} does not match the formats {formats}.": (
        f"«{_NBSP}{{value}}{_NBSP}» n'a aucune des formes {{formats}}."
    ),
    "{value} is not in the range {range}.": "{value} n'est pas dans l'intervalle {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        f"«{_NBSP}{{value}}{_NBSP}» n'est ni oui ni non. Valeurs reconnues{_NBSP}: {{states}}"
    ),
    "{value!r} is not a valid {number_type}.": f"«{_NBSP}{{value}}{_NBSP}» n'est pas un {{number_type}}.",
    "{value!r} is not a valid UUID.": f"«{_NBSP}{{value}}{_NBSP}» n'est pas un UUID.",
    # Files
    "file": "fichier",
    "directory": "dossier",
    "path": "chemin",
    "{name} {filename!r} is a file.": f"«{_NBSP}{{filename}}{_NBSP}» est un fichier.",
    "{name} {filename!r} is a directory.": f"«{_NBSP}{{filename}}{_NBSP}» est un dossier.",
    "{name} {filename!r} is not readable.": f"«{_NBSP}{{filename}}{_NBSP}» ne peut pas être lu.",
    "{name} {filename!r} is not writable.": f"«{_NBSP}{{filename}}{_NBSP}» ne peut pas être écrit.",
    "{name} {filename!r} is not executable.": f"«{_NBSP}{{filename}}{_NBSP}» n'est pas exécutable.",
    "{name} {filename!r} does not exist.": f"«{_NBSP}{{filename}}{_NBSP}» n'existe pas.",
    "Could not open file {filename!r}: {message}": (
        f"Le fichier «{_NBSP}{{filename}}{_NBSP}» ne s'ouvre pas{_NBSP}: {{message}}"
    ),
    "unknown error": "erreur inconnue",
    "Unknown standard stream '{name}'": f"Flux inconnu{_NBSP}: {{name}}",
    # At the keyboard
    "Aborted!": "Interrompu.",
    "d": "j",  # days, in the time left of a progress bar
    "Do you want to continue?": "Continuer?",
    "Confirm the action without prompting.": "Confirme sans poser la question.",
    "Repeat for confirmation": "Répétez pour confirmer",
    "Error: The two entered values do not match.": f"Erreur{_NBSP}: les deux valeurs sont différentes.",
    "Error: invalid input": f"Erreur{_NBSP}: réponse invalide",
    "Press any key to continue...": "Appuyez sur une touche pour continuer…",
    "{editor}: Editing failed": f"{{editor}}{_NBSP}: l'édition a échoué",
    "{editor}: Editing failed: {e}": f"{{editor}}{_NBSP}: l'édition a échoué{_NBSP}: {{e}}",
    "Unknown color {colour!r}": f"Couleur inconnue{_NBSP}: {{colour}}",
    "Couldn't detect Bash version, shell completion is not supported.": (
        "La version de Bash est inconnue; la complétion n'est pas offerte."
    ),
    "Shell completion is not supported for Bash versions older than 4.4.": (
        "La complétion demande Bash 4.4 ou plus récent."
    ),
}

#: Names of click's value types, shown in help where a command gives no `metavar`, and in errors.
TYPE_NAMES = {
    type(click.STRING): "texte",
    type(click.INT): "nombre entier",
    type(click.FLOAT): "nombre",
    type(click.BOOL): "oui/non",
    click.IntRange: "nombre entier",
    click.FloatRange: "nombre",
}


def translate(message: str) -> str:
    """French for one of click's messages; an unknown message is given back as it came.

    Examples
    --------
    >>> translate("Missing option")
    'Option manquante'
    """
    return MESSAGES.get(message, message)


def translate_plural(singular: str, plural: str, count: int) -> str:
    """French for a message that counts: zero and one are singular.

    Examples
    --------
    >>> translate_plural("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2)
    'Il y a des arguments de trop ({args}).'
    """
    return translate(singular if abs(count) < 2 else plural)


def install() -> None:
    """Make click speak French in this process (called once by the command line, never by the library)."""
    for name in MODULES:
        module = import_module(f"click.{name}")
        for attribute, function in (("_", translate), ("ngettext", translate_plural)):
            if hasattr(module, attribute):
                setattr(module, attribute, function)
    for kind, name in TYPE_NAMES.items():
        setattr(kind, "name", name)  # noqa: B010 — a class attribute that click does not declare as settable

"""Entry point of `classifier`: finds the command, loads its file only then, turns errors into exit codes."""

from __future__ import annotations

import io
import os
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from classifier import __version__
from classifier.cli import french
from classifier.errors import ClassifierError, InputError

#: Command → (module of `classifier.cli`, function, one line of help). Listed here so that help loads no command.
COMMANDS = {
    "demo": ("demo", "demo", "Visite guidée : d'un exemple d'export au classeur de décisions."),
    "inspect": ("inspect", "inspect", "Dit ce qu'est un fichier et comment il serait lu."),
    "score": ("score", "score", "Évalue un export de commentaires et écrit les décisions."),
    "predict": ("predict", "predict", "Évalue un ou quelques textes, sans rien consigner."),
    "policy": ("policy", "policy", "Politiques : lister, montrer, vérifier, comparer."),
    "audit": ("audit", "audit", "Registre des décisions : vérifier, expliquer, exporter, détruire."),
    "review": ("review", "review", "Révision par des personnes : exporter et importer un classeur."),
    "corpus": ("corpus", "corpus", "Corpus d'entraînement : vérifier, décrire, compléter."),
    "prepare": ("training", "prepare", "Prépare les données d'entraînement."),
    "train": ("training", "train", "Entraîne un modèle candidat."),
    "evaluate": ("training", "evaluate", "Mesure le modèle candidat."),
    "package": ("training", "package", "Emballe le modèle candidat."),
}


#: Shown under the help of `classifier`; `\b` keeps click from joining the lines.
EPILOG = """\b
Pour commencer :
  classifier demo
  classifier inspect commentaires.csv
  classifier score commentaires.csv --policy drummondville -o decisions.csv

\b
Codes de sortie :
  0  terminé                      4  terminé, des lignes mises de côté
  1  erreur imprévue              5  politique
  2  commande mal formée          6  modèle
  3  fichier ou texte d'entrée    7  registre des décisions
"""

#: Environment variable that shows the whole trace of an unforeseen error (for developers: a trace may quote data).
DEBUG_VARIABLE = "CLASSIFIER_DEBUG"

_SUBCOMMAND_METAVAR = "COMMANDE [ARGUMENTS]…"

# Before any command is declared: click asks for the words of a parameter when it is made.
french.install()


class LazyGroup(click.Group):
    """A group that imports a command's file only when the command is called (start-up stays instant)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"classifier.cli.{module}"), function)
        if isinstance(command, click.Group):
            command.subcommand_metavar = _SUBCOMMAND_METAVAR
            for member in command.commands.values():
                member.short_help = member.short_help or first_sentence(member.help or "")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that names none is answered with those that look like it."""
        word = args[0]
        if word in COMMANDS or word.startswith("-"):
            return super().resolve_command(ctx, args)
        message = f"La commande {quote(word)} n'existe pas."
        close = get_close_matches(word, COMMANDS)
        if close:
            message += f" Vouliez-vous dire {' ou '.join(map(quote, close))}?"
        raise click.UsageError(message, ctx=ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and their lines of help without importing any."""
        with formatter.section(french.translate("Commands")):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])


def first_sentence(text: str) -> str:
    """Give what a list of commands shows for one; click would cut the help in mid-sentence.

    Examples
    --------
    >>> first_sentence("Lit un fichier. Puis le ferme.")
    'Lit un fichier.'
    """
    sentence, stop, _ = " ".join(text.split("\n\n")[0].split()).partition(". ")
    return sentence + stop.rstrip()


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar=_SUBCOMMAND_METAVAR,
    epilog=EPILOG,
)
@click.version_option(__version__, prog_name="classifier")
@click.pass_context
def classifier(ctx: click.Context) -> None:
    """Modération des commentaires laissés sur les pages d'un organisme public québécois."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : list of str, optional
        What follows `classifier`; the process's own arguments if not given.

    Returns
    -------
    int
        0 done; 1 unforeseen; 2 usage; 3 input; 4 done with quarantine; 5 policy; 6 model; 7 audit; 130 interrupted.

    Examples
    --------
    >>> main(["--version"])
    classifier, version 0.1.0
    0
    """
    try:
        result = classifier.main(arguments, prog_name="classifier", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ClassifierError as error:
        show_error(str(error))
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("Interrompu.", err=True)
        return 130
    except click.FileError as error:
        error.show()
        return InputError.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        show_error(describe_unforeseen(error))
        return 1


def quote(word: str) -> str:
    """Put a word between French quotation marks.

    Examples
    --------
    >>> quote("score").split()
    ['«', 'score', '»']
    """
    return f"«\N{NO-BREAK SPACE}{word}\N{NO-BREAK SPACE}»"


def show_error(message: str) -> None:
    """Write one message on the standard error, in the manner of click's own."""
    click.echo(f"Erreur\N{NO-BREAK SPACE}: {message}", err=True)


def describe_unforeseen(error: Exception) -> str:
    """Say what failed without the exception's own words, which may quote a comment.

    An `OSError` names the file and the system's reason; anything else, the kind of error and the line of our code.
    """
    if isinstance(error, OSError) and error.strerror:
        where = f" ({quote(str(error.filename))})" if error.filename else ""
        return f"le système a refusé une opération{where}\N{NO-BREAK SPACE}: {error.strerror}."
    place = "?"
    for frame in traceback.extract_tb(error.__traceback__):
        if f"classifier{os.sep}" in frame.filename:
            place = f"{Path(frame.filename).name}, ligne {frame.lineno}"
    return (
        f"imprévu de type {type(error).__name__} ({place}). C'est un défaut du programme; "
        f"pour la trace complète, relancez avec {DEBUG_VARIABLE}=1."
    )


def run() -> None:
    """Console-script entry point."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows pipe may be in an encoding without all of our characters: better « ? » than a crash.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main())

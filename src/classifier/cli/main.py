"""Entry point of the command `classifier`: finds the command, loads its file only then, turns errors into exit codes."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from classifier import __version__
from classifier.errors import ClassifierError

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


class LazyGroup(click.Group):
    """A group that imports a command's file only when the command is called (start-up stays instant)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[name]
        command = getattr(import_module(f"classifier.cli.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="classifier", help="Affiche la version et s'arrête.")
@click.pass_context
def classifier(ctx: click.Context) -> None:
    """Modération des commentaires laissés sur les pages d'un organisme public québécois."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code (0 done, 2 usage, 3 input, 4 quarantine, 5 policy, 6 model, 7 audit)."""
    try:
        result = classifier.main(arguments, prog_name="classifier", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ClassifierError as error:
        click.echo(f"Erreur : {error}", err=True)
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("Interrompu.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code


def run() -> None:
    """Console-script entry point."""
    sys.exit(main())

"""French words for what a reader repaired, assumed or could not use."""

from __future__ import annotations

__all__ = ["REPAIRS", "WARNINGS"]

#: What a reader repaired, in French.
REPAIRS = {
    "mojibake": "accents mal décodés par la plateforme ou le tableur",
    "html": "balises HTML retirées",
    "media_suffix": "mention de photo ajoutée par le service d'export, retirée",
}

#: What a reader had to assume or could not use, in French.
WARNINGS = {
    "timezone": "heure sans fuseau, lue à l'heure du Québec",
    "dst": "heure ambiguë ou inexistante au changement d'heure",
    "time_unreadable": "date illisible : les délais partent du moment de l'évaluation",
    "id_rounded": "identifiant arrondi par un tableur, compté comme absent",
}

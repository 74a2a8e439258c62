"""The words that policies and decisions are written in: actions, urgencies, reasons for a person, coverages.

One place for all of them, with the French names that reports, the audit dossier and the review workbook show.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Mapping

__all__ = [
    "ACTIONS",
    "AUTHOR_ROLES",
    "COMMENT_KINDS",
    "COVERAGES",
    "HUMAN_REASONS",
    "MESSAGES",
    "PEOPLE_TOPICS",
    "REMOVALS",
    "SANCTIONS",
    "SEVERITY",
    "URGENCIES",
]

#: Action id → French name, mildest moderation last in `SEVERITY`.
ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "escalate": "Alerter une personne sans attendre",
        "delete": "Supprimer",
        "hide": "Masquer",
        "report": "Signaler à la plateforme",
        "review": "Soumettre à une personne",
        "publish": "Laisser publié",
        "remind": "Rappeler la nétiquette",
        "explain": "Expliquer le retrait à l'auteur",
        "warn": "Donner un avertissement",
        "ban": "Bannir l'auteur",
        "answer": "Répondre",
        "acknowledge": "Accuser réception",
        "ask_details": "Demander des précisions",
        "correct": "Rectifier l'information",
        "decline": "Répondre sans commenter le dossier",
        "redirect": "Diriger vers la bonne ressource",
        "transfer": "Transmettre au bureau concerné",
        "no_reply": "Ne pas répondre",
        "observe": "Observer sans recommander",
    }
)

#: How hard an action falls on what the author wrote; the hardest of a decision never falls when a violation is added.
SEVERITY: Final[Mapping[str, int]] = MappingProxyType(
    {"publish": 0, "remind": 1, "review": 2, "hide": 3, "delete": 4, "report": 4, "warn": 4, "ban": 5}
)

#: Actions that take a comment out of sight.
REMOVALS: Final = ("hide", "delete")

#: Actions that fall on the author.
SANCTIONS: Final = ("warn", "ban")

#: Urgency id → French name, most urgent first.
URGENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {"immediate": "Immédiate", "high": "Élevée", "normal": "Normale", "low": "Faible"}
)

#: Why a person must look: id → French sentence.
HUMAN_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "urgent": "Cas urgent : une personne doit agir sans attendre.",
        "freedom_of_expression": "Liberté d'expression : un retrait à tort serait aussi grave qu'un oubli.",
        "political_opinion": "Le retrait reposerait sur une opinion politique.",
        "our_reading": "La clause ne nomme pas ce cas : elle le couvre selon notre lecture.",
        "grave_part": "Une partie grave côtoie une partie permise : une clause garde le commentaire, l'autre non.",
        "parts_disagree": "La règle enfreinte ne se rattache à aucune partie du commentaire.",
        "competing_clauses": "Deux clauses du document mènent à deux conduites.",
        "uncertain": "Le modèle hésite sur au moins une étiquette.",
        "missing_signal": "Un signal n'a pas pu être calculé.",
        "not_autonomous": "L'organisation réserve cette action à une personne.",
        "below_autonomy": "La confiance n'atteint pas le seuil fixé pour agir sans une personne.",
        "ban_terms_unset": "La durée et l'appel du bannissement restent à fixer par l'organisation.",
        "possible_distress": "Détresse possible : aucun retrait avant qu'une personne ait lu.",
        "author_role": "La personne qui écrit a un rôle public que la politique encadre.",
        "provisional_window": "Les dates de la période électorale sont provisoires.",
        "election_logistics": "Question sur le scrutin : elle reçoit toujours une réponse, jamais un retrait.",
        "harm_to_judge": "Une personne juge si l'information fausse peut nuire à autrui.",
        "tagged_official": "Un compte est identifié : vérifier s'il s'agit de la personne élue.",
        "for_a_person": "La politique confie ce jugement à une personne.",
        "private_message": "Message privé : rien à masquer ni à supprimer, une personne décide de la suite.",
    }
)

#: How a clause covers a case: id → French name.
COVERAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "named": "nommé",
        "as": "selon notre lecture",
        "by law": "par le devoir d'obéir aux lois",
        "project": "règle du projet (document muet)",
    }
)

#: Author roles that an organisation may know; never read from the text.
AUTHOR_ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {"candidate": "Candidate ou candidat", "elected": "Personne élue", "employee": "Membre du personnel"}
)

#: Kinds of message.
COMMENT_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"comment": "Commentaire", "private_message": "Message privé"}
)

#: Message templates that every policy has → French name.
MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "acknowledgement": "Accusé de réception",
        "details": "Demande de précisions",
        "redirection": "Redirection",
        "removal_notice": "Avis de retrait",
        "first_warning": "Premier avertissement",
        "second_warning": "Deuxième avertissement",
        "ban_notice": "Avis de bannissement",
        "litigation": "Litige",
        "correction": "Rectification",
        "reminder": "Rappel de la nétiquette",
    }
)

#: What a document says, or does not say, of things that the text of a comment cannot show: id → French name.
PEOPLE_TOPICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "photos": "Photos et vidéos",
        "image_withdrawal": "Retrait de sa propre image",
        "false_identity": "Faux profil, usurpation d'identité",
        "elected_author": "Commentaire d'une personne élue",
        "employee_author": "Commentaire d'un membre du personnel",
        "platform_terms": "Lois et conditions de la plateforme",
        "mentions": "Mentions et réponses entre abonnés",
        "other_pages": "Intervention sur d'autres pages",
        "live_video": "Vidéo en direct",
        "contest": "Concours",
        "tone": "Ton d'une réponse",
        "endorsement": "Ce qui reste n'est pas endossé",
        "emergency_measures": "Situation d'urgence, mesures d'urgence",
        "body_in_election": "L'organisation en période électorale",
        "body_neutrality": "Neutralité de l'organisation",
        "who_handles": "Qui traite les commentaires",
    }
)

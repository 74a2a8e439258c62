"""What breaks the netiquette: removal as the policy says it, the sanctions ladder, and what only a person may judge."""

from __future__ import annotations

from datetime import datetime

from classifier.comments import Action, Comment, Prediction, Reason
from classifier.policy.draft import Draft
from classifier.policy.findings import Finding, Remainder, what_remains
from classifier.policy.sanctions import History, LadderStep, reached_steps
from classifier.policy.schema import Content

__all__ = ["answer_logistics", "judge_lesser", "moderate", "reason_of", "spare_logistics"]

_SECTIONS = {"remove": "prohibited", "remind": "discouraged", "review": "judged", "allow": "allowed"}


def spare_logistics(draft: Draft, prediction: Prediction, breaches: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A question whose only fault is to be electoral is answered, never removed; a person checks.

    A rule of the project: the neutral question on where and how to vote always gets its answer.
    """
    if prediction.category != "question" or any(breach.subject != "electoral" for breach in breaches):
        return breaches
    breach = breaches[0]
    draft.reasons.append(
        Reason("electoral", "election_logistics", "", "project", breach.score, breach.threshold, breach.source)
    )
    draft.ask_review("election_logistics")
    draft.raise_to("normal")
    return ()


def answer_logistics(
    draft: Draft, content: Content, comment: Comment, prediction: Prediction, breaches: tuple[Finding, ...]
) -> None:
    """A question that stood beside campaign content is answered all the same, apart from the removed comment."""
    electoral = next((breach for breach in breaches if breach.subject == "electoral"), None)
    if electoral is None:
        return
    if any(part.category == "question" for part in what_remains(comment, prediction, breaches).parts):
        draft.reasons.append(Reason("question", "election_logistics", "", "project"))
        draft.ask("election_logistics")
        when = "en privé ou par une publication : si la question porte sur le scrutin, elle reçoit une réponse"
        draft.follow_ups.append(Action("answer", {"desk": content.removal.desk, "when": when}))


def moderate(
    draft: Draft,
    content: Content,
    comment: Comment,
    breaches: tuple[Finding, ...],
    remainder: Remainder | None,
    alerts: tuple[str, ...],
    moment: datetime,
    history: History,
) -> bool:
    """Apply the organisation's way of removing.

    Parameters
    ----------
    breaches : tuple of Finding
        What the policy prohibits, at least one.
    remainder : Remainder or None
        What is left of the comment; None where the whole comment goes.
    alerts : tuple of str
        Alerts of the comment: evidence is kept before anything is removed.
    moment : datetime
        Time of the comment.
    history : History
        The author's strikes and bans.

    Returns
    -------
    bool
        True if removal is what the policy prescribes.
    """
    grave = any(breach.rule.subject in content.grave for breach in breaches)
    draft.raise_to("high" if grave else "normal")
    draft.reasons.extend(reason_of(breach) for breach in breaches)
    for breach in breaches:
        if breach.window is not None:
            draft.window = breach.window
    if comment.kind == "private_message":
        draft.ask_review("private_message", content.private_netiquette)
        if content.private_netiquette:
            steps = reached_steps(content.sanctions, [breach.rule.subject for breach in breaches], history, moment)
            draft.follow_ups.extend(_sanction(draft, content, steps, 0.0, person=True))
        return False
    if remainder is not None and remainder.parts:
        _keep_remainder(draft, content, remainder, grave)
        return False
    if "suicide_risk" in alerts:
        draft.ask_review("possible_distress")
        return False
    _remove(draft, content, breaches, bool(alerts), moment, history)
    return True


def _remove(
    draft: Draft, content: Content, breaches: tuple[Finding, ...], alerted: bool, moment: datetime, history: History
) -> None:
    """Removal, report and explanation as the document says them, then the step of the ladder."""
    removal = content.removal
    person = _rests_on_our_reading(draft, content, breaches) or alerted
    score = _confidence(content, breaches)
    steps = reached_steps(content.sanctions, [breach.rule.subject for breach in breaches], history, moment)
    if all(breach.rule.clause != removal.clause for breach in breaches):
        draft.reasons.append(Reason("removal", "removal", removal.clause, "named"))
    parameters = {
        "clause": removal.clause,
        "desk": removal.desk,
        "alternatives": "|".join(removal.alternatives),
        "after": "evidence" if alerted else "",
        "strike": "|".join(one.ladder.id for one in steps if one.ladder.strike == "removal"),
    }
    draft.removals.append(draft.propose(removal.action, parameters, score, person))
    draft.desk = draft.desk or removal.desk
    if removal.report and any(breach.rule.subject in removal.report for breach in breaches):
        draft.removals.append(draft.propose("report", {"clause": removal.report_clause}, score, person))
    if removal.explain:
        parameters = {"clause": removal.explain_clause, "message": "removal_notice", "when": removal.explain_when}
        draft.removals.append(draft.propose("explain", parameters, score, person))
    draft.removals.extend(_sanction(draft, content, steps, score, person))


def _confidence(content: Content, breaches: tuple[Finding, ...]) -> float:
    """Score that removal rests on: the best ground where one is enough, the worst where each part must break a rule.

    A signal has no score, and so lets nothing run alone.
    """
    scores = [breach.score or 0.0 for breach in breaches if not _is_weak(breach)]
    if content.removal.mode == "remainder":
        return min(scores, default=0.0)
    return max(scores, default=0.0)


def _keep_remainder(draft: Draft, content: Content, remainder: Remainder, grave: bool) -> None:
    """Something lawful is left, so the comment stays; a grave part beside it, or doubt on where, takes a person."""
    clause = content.removal.clause
    draft.reasons.append(Reason("remainder", "removal.remainder", clause, "named"))
    if grave:
        draft.ask_review("grave_part", clause)
        draft.ask("freedom_of_expression")
    elif not remainder.sure:
        draft.ask_review("parts_disagree", clause)
        draft.ask("freedom_of_expression")


def _rests_on_our_reading(draft: Draft, content: Content, breaches: tuple[Finding, ...]) -> bool:
    """Whether removal rests on a political opinion, on our reading or on competing clauses; says why if it does.

    Where the whole comment goes, one named violation is enough for removal to rest on; where every part must break
    a rule, each counts.
    """
    weak = [breach for breach in breaches if _is_weak(breach)]
    if not weak or (content.removal.mode == "whole" and len(weak) < len(breaches)):
        return False
    for breach in weak:
        if breach.subject == "political_opinion":
            draft.ask("political_opinion")
        if breach.rule.coverage in ("as", "by law"):
            draft.ask("our_reading")
        if breach.rule.person:
            draft.ask("competing_clauses")
    draft.ask("freedom_of_expression")
    return True


def _is_weak(breach: Finding) -> bool:
    """Whether removal on this ground alone always takes a person."""
    return breach.rule.coverage != "named" or breach.subject == "political_opinion" or bool(breach.rule.person)


def _sanction(draft: Draft, content: Content, reached: list[LadderStep], score: float, person: bool) -> list[Action]:
    """The step that the author has reached: the hardest; warnings of several ladders are one warning."""
    steps = [one for one in reached if one.step.action != "none"]
    if not steps:
        return []
    hardest = steps[0]
    together = [one for one in steps if one.step.action == hardest.step.action]
    latest = max(together, key=lambda one: one.strikes)
    parameters = {
        "clause": latest.ladder.clause,
        "desk": latest.step.desk,
        "message": latest.step.message,
        "strikes": str(latest.strikes),
        "when": latest.step.when,
    }
    if hardest.step.action == "warn":
        parameters["strike"] = "|".join(one.ladder.id for one in together)
    else:
        terms = content.sanctions.terms
        parameters["length_days"] = "to_be_set" if terms.length_days is None else str(terms.length_days)
        parameters["appeal"] = terms.appeal or "to_be_set"
        if not terms.are_set:
            draft.ask("ban_terms_unset")
            person = True
    return [draft.propose(hardest.step.action, parameters, score, person)]


def judge_lesser(draft: Draft, content: Content, findings: tuple[Finding, ...]) -> None:
    """What is asked of authors without removal, and what the policy leaves to a person's judgement."""
    for finding in findings:
        rule = finding.rule
        if rule.effect == "remind":
            draft.raise_to("normal")
            draft.reasons.append(reason_of(finding))
            parameters = {"clause": rule.clause, "message": "reminder"}
            draft.follow_ups.append(draft.propose("remind", parameters, finding.score or 0.0, False))
        elif rule.effect == "review":
            draft.raise_to("normal")
            draft.reasons.append(reason_of(finding))
            draft.ask_review("for_a_person", rule.clause)
        elif finding.subject == "other_language" and content.reply_languages:
            clause = next(iter(content.reply_languages.values()))
            draft.reasons.append(Reason(finding.subject, "languages.replies", clause, "named"))


def reason_of(finding: Finding) -> Reason:
    """The reason that a finding gives, with its clause and where its threshold came from."""
    rule = finding.rule
    name = f"{_SECTIONS[rule.effect]}.{rule.subject}" if finding.window is None else f"elections.{finding.window.id}"
    return Reason(finding.subject, name, rule.clause, rule.coverage, finding.score, finding.threshold, finding.source)

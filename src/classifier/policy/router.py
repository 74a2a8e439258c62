"""The policy router: a pure function from a comment and its prediction to what the policy prescribes.

The order is always the same: urgent cases first, then what breaks the netiquette (removal, sanctions), then who writes,
then where a lawful comment goes, then doubts. The router knows no model, reads no clock and keeps no state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Mapping

from classifier.comments import Action, Comment, Deadline, Decision, Prediction, Reason
from classifier.policy.calendar import WorkingCalendar
from classifier.policy.findings import POLITICAL, Finding, Remainder, find_alerts, find_breaches, what_remains
from classifier.policy.policy import Policy
from classifier.policy.sanctions import NO_HISTORY, History, reached_steps
from classifier.policy.schema import Route, Step, Window
from classifier.policy.vocabulary import REMOVALS
from classifier.taxonomy import taxonomy

__all__ = ["PolicyRouter"]

#: Categories that ask nothing: there a label's own route replaces the category's.
_ASKS_NOTHING = frozenset({"suggestion", "negative", "positive", "neutral", "unclear"})

_CATEGORY_RANK = {label: rank for rank, label in enumerate(taxonomy().category)}

_PUBLISH = Action("publish", {}, autonomous=True)
_REVIEW = Action("review", {})


class _Draft:
    """A decision in the making."""

    __slots__ = ("actions", "delays", "desk", "human", "reasons", "urgency", "window")

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.reasons: list[Reason] = []
        self.human: list[str] = []
        self.delays: list[str] = []
        self.desk = ""
        self.urgency = "low"
        self.window: Window | None = None

    def ask(self, *reasons: str) -> None:
        """Ask for a person, each reason once."""
        self.human.extend(reason for reason in reasons if reason not in self.human)

    def raise_to(self, urgency: str) -> None:
        """Raise the urgency, never lower it."""
        order = ("low", "normal", "high", "immediate")
        if order.index(urgency) > order.index(self.urgency):
            self.urgency = urgency


class PolicyRouter:
    """Applies one policy; safe to share between threads.

    Parameters
    ----------
    policy : Policy
        The policy to apply.

    Examples
    --------
    >>> from classifier.policy import Policy, PolicyRouter
    >>> router = PolicyRouter(Policy.load("drummondville"))
    >>> router.policy.id
    'drummondville'
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._content = policy.content
        self._calendar = WorkingCalendar(policy.content.hours, policy.id, policy.version)
        self._grave = frozenset(policy.content.grave)
        self._route_actions = {
            subject: tuple((step.only, _action_of(step, route.clause)) for step in route.steps)
            for subject, route in policy.content.routes.items()
        }

    def decide(
        self,
        comment: Comment,
        prediction: Prediction,
        *,
        decision_id: str,
        now: datetime,
        history: History | None = None,
        former_id: str = "",
    ) -> Decision:
        """What the policy prescribes for one comment.

        Parameters
        ----------
        comment : Comment
            What was written, when, by whom (role), as what (comment or private message).
        prediction : Prediction
            What the model and the signals say of it.
        decision_id, former_id : str
            Identity of this decision and of the one that it follows.
        now : datetime
            Aware time of deciding: stands for the comment's own time where it has none.
        history : History, optional
            The author's strikes and bans.

        Returns
        -------
        Decision
            Actions in order of application, each reason with its clause, deadlines, urgency, whether a person must look and why.
        """
        content = self._content
        moment = comment.created_at or now
        draft = _Draft()
        alerts = find_alerts(content, prediction)
        if alerts:
            self._put_urgent_first(draft, prediction, alerts)
        window = self._window_at(moment) if prediction.political or comment.author_role or content.thresholds else None
        findings = find_breaches(content, prediction, window)
        breaches = tuple(finding for finding in findings if finding.rule.effect == "remove")
        if breaches:
            breaches = self._spare_logistics(draft, prediction, breaches)
        remainder = None
        removed = False
        if breaches:
            remainder = what_remains(comment, prediction, breaches) if content.removal.mode == "remainder" else None
            removed = self._moderate(draft, comment, breaches, remainder, alerts, moment, history or NO_HISTORY)
        elif findings:
            self._judge_lesser(draft, findings)
        if comment.author_role:
            self._judge_role(draft, comment.author_role, window)
        if not removed:
            self._doubt(draft, comment, prediction)
            if not any(action.id in ("review", "publish") for action in draft.actions):
                draft.actions.append(_PUBLISH)
            self._route(draft, comment, prediction, findings, remainder, bool(breaches))
        return self._finish(draft, comment, prediction, decision_id, former_id, moment, now)

    # --- urgent cases ------------------------------------------------------------------------------------------

    def _put_urgent_first(self, draft: _Draft, prediction: Prediction, alerts: tuple[str, ...]) -> None:
        """Alert a person at once: who phones or writes to whom, and what to attach."""
        draft.raise_to("immediate")
        draft.ask("urgent")
        for alert in alerts:
            rule = self._content.urgent[alert]
            parameters = {"subject": alert, "desk": rule.who, "call": "|".join(rule.call), "attach": "|".join(rule.attach)}
            if rule.write:
                parameters["write"] = "|".join(rule.write)
            if rule.clause:
                parameters["clause"] = rule.clause
            draft.actions.append(Action("escalate", parameters))
            draft.desk = draft.desk or rule.who
            score = prediction.scores.get(alert)
            draft.reasons.append(Reason(alert, f"urgent.{alert}", rule.clause, rule.coverage, score))

    # --- what breaks the netiquette ----------------------------------------------------------------------------

    def _spare_logistics(
        self, draft: _Draft, prediction: Prediction, breaches: tuple[Finding, ...]
    ) -> tuple[Finding, ...]:
        """A question whose only fault is to be electoral is answered, never removed; a person checks."""
        if prediction.category != "question" or any(breach.subject != "electoral" for breach in breaches):
            return breaches
        breach = breaches[0]
        draft.reasons.append(
            Reason("electoral", "election_logistics", "", "project", breach.score, breach.threshold, breach.source)
        )
        draft.ask("election_logistics")
        draft.actions.append(_REVIEW)
        draft.raise_to("normal")
        return ()

    def _moderate(
        self,
        draft: _Draft,
        comment: Comment,
        breaches: tuple[Finding, ...],
        remainder: Remainder | None,
        alerts: tuple[str, ...],
        moment: datetime,
        history: History,
    ) -> bool:
        """Apply the organisation's way of removing; True if removal is what it prescribes."""
        removal = self._content.removal
        grave = any(breach.rule.subject in self._grave for breach in breaches)
        draft.raise_to("high" if grave else "normal")
        draft.reasons.extend(_reason_of(breach) for breach in breaches)
        for breach in breaches:
            if breach.window is not None:
                draft.window = breach.window
        if comment.kind == "private_message":
            self._hold(draft, "private_message")
            if self._content.private_netiquette:
                self._sanction(draft, breaches, moment, history, person=True)
            return False
        if remainder is not None and remainder.parts:
            self._keep_remainder(draft, remainder, grave)
            return False
        if "suicide_risk" in alerts:
            self._hold(draft, "possible_distress")
            return False
        person = self._reasons_for_a_person(draft, breaches)
        score = max((breach.score or 0.0 for breach in breaches if not _is_weak(breach)), default=0.0)
        parameters = {"clause": removal.clause}
        if removal.alternatives:
            parameters["alternatives"] = "|".join(removal.alternatives)
        if alerts:
            parameters["after"] = "evidence"
            person = True
        kinds = [one.ladder.id for one in self._steps(breaches, moment, history) if one.ladder.strike == "removal"]
        if kinds:
            parameters["strike"] = "|".join(kinds)
        self._propose(draft, removal.action, parameters, score, person)
        if removal.report and any(breach.rule.subject in removal.report for breach in breaches):
            self._propose(draft, "report", {"clause": removal.report_clause}, score, person)
        if removal.explain:
            parameters = {"clause": removal.explain_clause, "message": "removal_notice"}
            self._propose(draft, "explain", parameters, score, person)
        self._sanction(draft, breaches, moment, history, person, score)
        return True

    def _keep_remainder(self, draft: _Draft, remainder: Remainder, grave: bool) -> None:
        """Something lawful is left, so the comment stays; a grave part beside it, or doubt on where, takes a person."""
        removal = self._content.removal
        draft.reasons.append(Reason("remainder", "removal.remainder", removal.clause, "named"))
        if grave:
            draft.ask("grave_part", "freedom_of_expression")
            draft.actions.append(Action("review", {"clause": removal.clause}))
        elif not remainder.sure:
            draft.ask("parts_disagree", "freedom_of_expression")
            draft.actions.append(Action("review", {"clause": removal.clause}))

    def _hold(self, draft: _Draft, why: str) -> None:
        draft.ask(why)
        draft.actions.append(_REVIEW)

    def _reasons_for_a_person(self, draft: _Draft, breaches: tuple[Finding, ...]) -> bool:
        """Whether removal rests on a political opinion, on our reading or on competing clauses; says why if it does.

        Where the whole comment goes, one named violation is enough for it to rest on; where all parts must break a
        rule, each of them counts.
        """
        every = self._content.removal.mode == "remainder"
        weak = [breach for breach in breaches if _is_weak(breach)]
        if not weak or (not every and len(weak) < len(breaches)):
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

    def _steps(self, breaches: tuple[Finding, ...], moment: datetime, history: History):  # type: ignore[no-untyped-def]
        return reached_steps(self._content.sanctions, [breach.rule.subject for breach in breaches], history, moment)

    def _sanction(
        self,
        draft: _Draft,
        breaches: tuple[Finding, ...],
        moment: datetime,
        history: History,
        person: bool,
        score: float = 0.0,
    ) -> None:
        """Propose the step of the ladder that the author has reached: the hardest, warnings of one step together."""
        steps = [one for one in self._steps(breaches, moment, history) if one.step.action != "none"]
        if not steps:
            return
        hardest = steps[0]
        together = [one for one in steps if one.step.action == hardest.step.action]
        parameters = {
            "clause": hardest.ladder.clause,
            "message": hardest.step.message,
            "strikes": str(max(one.strikes for one in together)),
        }
        if hardest.step.when:
            parameters["when"] = hardest.step.when
        if hardest.step.action == "warn":
            parameters["strike"] = "|".join(one.ladder.id for one in together)
        else:
            terms = self._content.sanctions.terms
            parameters["length_days"] = "to_be_set" if terms.length_days is None else str(terms.length_days)
            parameters["appeal"] = terms.appeal or "to_be_set"
            if not terms.are_set:
                draft.ask("ban_terms_unset")
                person = True
        self._propose(draft, hardest.step.action, parameters, score, person)

    def _propose(self, draft: _Draft, action: str, parameters: Mapping[str, str], score: float, person: bool) -> None:
        """Add an action; it runs alone only if the organisation said so, above its score, and nothing asks for a person."""
        least = self._content.autonomy.minima.get(action)
        alone = False
        if least is None:
            draft.ask("not_autonomous")
        elif not person:
            alone = score >= least
            if not alone:
                draft.ask("below_autonomy")
        draft.actions.append(Action(action, dict(parameters), alone))

    def _judge_lesser(self, draft: _Draft, findings: tuple[Finding, ...]) -> None:
        """What is asked of authors without removal, and what the policy leaves to a person's judgement."""
        for finding in findings:
            if finding.rule.effect == "remind":
                draft.raise_to("normal")
                draft.reasons.append(_reason_of(finding))
                draft.actions.append(_PUBLISH)
                parameters = {"clause": finding.rule.clause, "message": "reminder"}
                self._propose(draft, "remind", parameters, finding.score or 0.0, False)
            elif finding.rule.effect == "review":
                draft.raise_to("normal")
                draft.reasons.append(_reason_of(finding))
                draft.ask("for_a_person")
                draft.actions.append(_REVIEW)
            elif finding.subject == "other_language" and self._content.reply_languages:
                clause = next(iter(self._content.reply_languages.values()))
                draft.reasons.append(Reason(finding.subject, "languages.replies", clause, "named"))

    # --- who writes, and doubts --------------------------------------------------------------------------------

    def _judge_role(self, draft: _Draft, role: str, window: Window | None) -> None:
        """A public role known to the organisation, where its document speaks of it: a person judges."""
        rule = self._content.roles.get(role)
        if rule is None:
            return
        if rule.when != "always":
            if window is None or window.kind != rule.when:
                return
            draft.window = window
        draft.reasons.append(Reason(role, f"roles.{role}", rule.clause, "named"))
        draft.ask("author_role")
        draft.raise_to("normal")
        if not any(action.id in ("review", *REMOVALS) for action in draft.actions):
            draft.actions.append(_REVIEW)

    def _doubt(self, draft: _Draft, comment: Comment, prediction: Prediction) -> None:
        """The model hesitates, or a signal could not be computed: never "publish" for want of knowing."""
        doubts = False
        for label in prediction.uncertain:
            rule = self._content.rules.get(label)
            if label in self._content.urgent or (rule is not None and rule.effect == "remove"):
                doubts = True
                draft.ask("uncertain")
        for name in prediction.missing:
            if name == "off_topic" and not comment.post or name in taxonomy().thread_signals:
                continue
            rule = self._content.rules.get("personal_information" if name == "personal_data" else name)
            if name in self._content.urgent or (rule is not None and rule.effect != "allow"):
                doubts = True
                draft.ask("missing_signal")
        if doubts:
            draft.raise_to("normal")
            if not any(action.id == "review" for action in draft.actions):
                draft.actions = [action for action in draft.actions if action is not _PUBLISH]
                draft.actions.append(_REVIEW)

    # --- where a lawful comment goes ---------------------------------------------------------------------------

    def _route(
        self,
        draft: _Draft,
        comment: Comment,
        prediction: Prediction,
        findings: tuple[Finding, ...],
        remainder: Remainder | None,
        has_breaches: bool,
    ) -> None:
        """Follow the category's route (of what remains, if parts were set aside), then those that labels open."""
        category = prediction.category
        if remainder is not None and remainder.parts:
            category = min((part.category for part in remainder.parts), key=_CATEGORY_RANK.__getitem__)
        elif has_breaches:
            return
        routes = self._content.routes
        subjects = []
        if findings:
            fired = {finding.subject for finding in findings if finding.rule.effect != "remove"}
            if "misinformation" in fired and "wrong_premise" in routes:
                subjects.append("wrong_premise")
            if fired & POLITICAL and "political_matter" in routes:
                subjects.append("political_matter")
        if "official_addressed" in prediction.political and "official_addressed" in routes:
            subjects.append("official_addressed")
        if category in routes and not (subjects and category in _ASKS_NOTHING):
            subjects.insert(0, category)
        for subject in subjects:
            self._follow(draft, comment, prediction, routes[subject])

    def _follow(self, draft: _Draft, comment: Comment, prediction: Prediction, route: Route) -> None:
        for only, action in self._route_actions[route.subject]:
            if only:
                tagged = self._official_is_tagged(comment)
                if tagged and not self._content.officials:
                    draft.ask("tagged_official")
                if tagged != (only == "tagged"):
                    continue
            draft.actions.append(action)
            if action.id != "no_reply":
                draft.raise_to("normal")
                draft.desk = draft.desk or action.parameters.get("desk", "")
        if route.person:
            draft.ask("harm_to_judge" if route.subject == "wrong_premise" else "for_a_person")
        score = prediction.scores.get(route.subject)
        draft.reasons.append(Reason(route.subject, f"routes.{route.subject}", route.clause, route.coverage, score))
        for delay in route.delays:
            if delay not in draft.delays:
                draft.delays.append(delay)

    def _official_is_tagged(self, comment: Comment) -> bool:
        """Whether the official's account is tagged; any account may be theirs while the file lists none."""
        if not self._content.officials:
            return bool(comment.tagged)
        known = {name.lstrip("@").casefold() for name in self._content.officials}
        return any(name.lstrip("@").casefold() in known for name in comment.tagged)

    # --- time --------------------------------------------------------------------------------------------------

    def _window_at(self, moment: datetime) -> Window | None:
        """Election window open at this moment, local dates."""
        day = self._calendar.local_date(moment)
        return next((w for w in self._content.elections.windows if w.first <= day <= w.last), None)

    def _deadlines(self, draft: _Draft, comment: Comment, moment: datetime, now: datetime) -> tuple[Deadline, ...]:
        deadlines = []
        for name in draft.delays:
            delay = self._content.delays[name]
            if comment.kind in delay.applies:
                due = self._calendar.due(moment, delay)
                calendar = self._calendar.version
                deadlines.append(Deadline(name, due, delay.clause, calendar, due < now, comment.created_at is None))
        deadlines.sort(key=lambda deadline: deadline.due)
        return tuple(deadlines)

    # --- end ---------------------------------------------------------------------------------------------------

    def _finish(
        self,
        draft: _Draft,
        comment: Comment,
        prediction: Prediction,
        decision_id: str,
        former_id: str,
        moment: datetime,
        now: datetime,
    ) -> Decision:
        if draft.window is not None and draft.window.status == "provisional":
            draft.ask("provisional_window")
        actions = tuple(draft.actions)
        if self._content.autonomy.mode == "shadow":
            actions = _observed(actions)
        return Decision(
            decision_id=decision_id,
            comment_id=comment.id,
            prediction=prediction,
            policy=self.policy.reference,
            actions=actions,
            reasons=tuple(draft.reasons),
            deadlines=self._deadlines(draft, comment, moment, now) if draft.delays else (),
            urgency=draft.urgency,
            needs_human=bool(draft.human),
            human_reasons=tuple(draft.human),
            desk=draft.desk,
            election_window="" if draft.window is None else draft.window.id,
            former_id=former_id,
        )


def _observed(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """Shadow mode: what would have been recommended is recorded, not recommended; urgent cases are never silenced."""
    urgent = tuple(action for action in actions if action.id == "escalate")
    would = "|".join(action.id for action in actions if action.id != "escalate")
    return (*urgent, Action("observe", {"would": would}))


def _action_of(step: Step, clause: str) -> Action:
    parameters = {"desk": step.desk, "message": step.message, "when": step.when, "clause": clause}
    return Action(step.action, {key: value for key, value in parameters.items() if value})


def _is_weak(finding: Finding) -> bool:
    """Whether removal on this ground alone always takes a person."""
    rule = finding.rule
    return rule.coverage != "named" or finding.subject == "political_opinion" or bool(rule.person)


def _reason_of(finding: Finding) -> Reason:
    section = {"remove": "prohibited", "remind": "discouraged", "review": "judged", "allow": "allowed"}[finding.rule.effect]
    rule = f"{section}.{finding.rule.subject}" if finding.window is None else f"elections.{finding.window.id}"
    return Reason(
        finding.subject,
        rule,
        finding.rule.clause,
        finding.rule.coverage,
        finding.score,
        finding.threshold,
        finding.source,
    )

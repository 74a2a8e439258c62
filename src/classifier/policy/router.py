"""The policy router: a pure function from a comment and its prediction to what the policy prescribes.

The order is always the same: urgent cases first, then what breaks the netiquette (removal, sanctions), then who writes,
then doubts, then where a lawful comment goes. The router knows no model, reads no clock and keeps no state.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from classifier.comments import Action, Comment, Deadline, Decision, Prediction, Reason
from classifier.policy.calendar import WorkingCalendar
from classifier.policy.draft import Draft
from classifier.policy.findings import (
    POLITICAL,
    Finding,
    Remainder,
    addresses_official,
    find_alerts,
    find_breaches,
    what_remains,
)
from classifier.policy.moderation import answer_logistics, judge_lesser, moderate, spare_logistics
from classifier.policy.policy import Policy
from classifier.policy.sanctions import NO_HISTORY, History
from classifier.policy.schema import Delay, Route, Step, Window
from classifier.taxonomy import taxonomy

__all__ = ["PolicyRouter"]

#: Categories that ask nothing: there a label's own route replaces the category's.
_ASKS_NOTHING = frozenset({"suggestion", "negative", "positive", "neutral", "unclear"})

_CATEGORY_RANK = {label: rank for rank, label in enumerate(taxonomy().category)}

#: Times before this are errors of the export (the platforms did not exist): deadlines then run from `now`.
_FIRST_YEAR = 2004


class PolicyRouter:
    """Applies one policy; safe to share between threads.

    Parameters
    ----------
    policy : Policy
        The policy to apply.

    Examples
    --------
    >>> from classifier.policy import Policy, PolicyRouter
    >>> PolicyRouter(Policy.load("drummondville")).policy.id
    'drummondville'
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._content = policy.content
        self._calendar = WorkingCalendar(policy.content.hours, policy.id, policy.version)
        self._route_actions = {
            subject: tuple((step.only, _action_of(step, route.clause)) for step in route.steps)
            for subject, route in policy.content.routes.items()
        }

    def __reduce__(self) -> tuple[type[PolicyRouter], tuple[Policy]]:
        return PolicyRouter, (self.policy,)

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
            Aware time of deciding: stands for the comment's own time where it has none that can be true.
        history : History, optional
            The author's strikes and bans.

        Returns
        -------
        Decision
            Actions in order of application, reasons with their clauses, deadlines, urgency, and why a person must look.
        """
        content = self._content
        moment = _start(comment, now)
        draft = Draft(content.autonomy)
        alerts = find_alerts(content, prediction)
        if alerts:
            self._put_urgent_first(draft, prediction, alerts)
        window = self._window_at(moment) if prediction.political or comment.author_role or content.thresholds else None
        findings = find_breaches(content, prediction, window)
        breaches: tuple[Finding, ...] = ()
        remainder = None
        removed = False
        if findings:
            breaches = tuple(finding for finding in findings if finding.rule.effect == "remove")
        if breaches:
            breaches = spare_logistics(draft, prediction, breaches)
        if breaches:
            remainder = what_remains(comment, prediction, breaches) if content.removal.mode == "remainder" else None
            removed = moderate(draft, content, comment, breaches, remainder, alerts, moment, history or NO_HISTORY)
        if comment.author_role:
            self._judge_role(draft, comment.author_role, window)
        if removed:
            answer_logistics(draft, content, comment, prediction, breaches)
        else:
            if findings:
                judge_lesser(draft, content, findings)
            if prediction.uncertain or prediction.missing:
                self._doubt(draft, comment, prediction)
            self._route(draft, comment, prediction, findings, remainder, bool(breaches))
        if draft.window is not None and draft.window.status == "provisional":
            draft.ask("provisional_window")
        return Decision(
            decision_id=decision_id,
            comment_id=comment.id,
            prediction=prediction,
            policy=self.policy.reference,
            actions=draft.actions,
            reasons=tuple(draft.reasons),
            deadlines=self._deadlines(draft, comment, moment, now) if draft.delays else (),
            urgency=draft.urgency,
            needs_human=bool(draft.human),
            human_reasons=tuple(draft.human),
            desk=draft.desk,
            election_window="" if draft.window is None else draft.window.id,
            former_id=former_id,
        )

    def _put_urgent_first(self, draft: Draft, prediction: Prediction, alerts: tuple[str, ...]) -> None:
        """Alert a person at once: who phones or writes to whom, and what to attach; one alert for the same conduct."""
        draft.raise_to("immediate")
        draft.ask("urgent")
        conducts: dict[tuple[str, ...], dict[str, str]] = {}
        for alert in alerts:
            rule = self._content.urgent[alert]
            draft.desk = draft.desk or rule.who
            draft.reasons.append(
                Reason(alert, f"urgent.{alert}", rule.clause, rule.coverage, prediction.scores.get(alert))
            )
            conduct = (rule.who, *rule.call, "", *rule.write)
            if conduct in conducts:
                conducts[conduct]["subject"] += f"|{alert}"
                continue
            parameters = {
                "subject": alert,
                "desk": rule.who,
                "call": "|".join(rule.call),
                "write": "|".join(rule.write),
                "attach": "|".join(rule.attach),
                "clause": rule.clause,
            }
            conducts[conduct] = {key: value for key, value in parameters.items() if value}
        draft.escalations.extend(Action("escalate", parameters) for parameters in conducts.values())

    def _judge_role(self, draft: Draft, role: str, window: Window | None) -> None:
        """A public role known to the organisation, where its document speaks of it: a person judges."""
        rule = self._content.roles.get(role)
        if rule is None:
            return
        if rule.when != "always":
            if window is None or window.kind != rule.when:
                return
            draft.window = window
        draft.reasons.append(Reason(role, f"roles.{role}", rule.clause, "named"))
        draft.raise_to("normal")
        draft.ask_review("author_role", rule.clause)

    def _doubt(self, draft: Draft, comment: Comment, prediction: Prediction) -> None:
        """The model hesitates, or something could not be computed: never "publish" for want of knowing."""
        content = self._content
        for label in prediction.uncertain:
            rule = content.rules.get(label)
            if label in content.urgent:
                draft.raise_to("high")
                draft.ask_review("uncertain")
            elif rule is not None and rule.effect == "remove":
                draft.raise_to("normal")
                draft.ask_review("uncertain")
        for name in prediction.missing:
            if name in taxonomy().thread_signals or (name == "off_topic" and not comment.post):
                continue  # nothing failed: there was no thread, or no publication, to judge it by
            rule = content.rules.get("personal_information" if name == "personal_data" else name)
            if name in content.urgent or (rule is not None and rule.effect != "allow"):
                draft.raise_to("normal")
                draft.ask_review("missing_signal")

    def _route(
        self,
        draft: Draft,
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
        if "official_addressed" in routes and addresses_official(self._content, prediction):
            subjects.append("official_addressed")
        if category in routes and not (subjects and category in _ASKS_NOTHING):
            self._follow(draft, comment, prediction, routes[category], first=True)
        for subject in subjects:
            self._follow(draft, comment, prediction, routes[subject], first=not draft.follow_ups)

    def _follow(self, draft: Draft, comment: Comment, prediction: Prediction, route: Route, first: bool) -> None:
        """Add a route's steps; after another route, "do not reply" is not said unless a tag commands it."""
        for only, action in self._route_actions[route.subject]:
            if only:
                tagged = self._official_is_tagged(comment)
                if tagged and not self._content.officials:
                    draft.ask("tagged_official")
                if tagged != (only == "tagged"):
                    continue
            elif action.id == "no_reply" and not first:
                continue
            draft.follow_ups.append(action)
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

    def _window_at(self, moment: datetime) -> Window | None:
        """Election window open at this moment, by the organisation's own date."""
        day = self._calendar.local_date(moment)
        return next((window for window in self._content.elections.windows if window.first <= day <= window.last), None)

    def _deadlines(self, draft: Draft, comment: Comment, moment: datetime, now: datetime) -> tuple[Deadline, ...]:
        delays = [self._content.delays[name] for name in draft.delays]
        delays = [delay for delay in delays if comment.kind in delay.applies]
        if not delays:
            return ()
        calendar = self._calendar.version
        assumed = moment is not comment.created_at
        now_s = now.timestamp()
        ends = sorted(zip(self._calendar.due_all(moment, delays), delays), key=_seconds)
        return tuple(
            Deadline(delay.id, due, delay.clause, calendar, due_s < now_s, assumed) for (due_s, due), delay in ends
        )


def _start(comment: Comment, now: datetime) -> datetime:
    """The comment's own time, unless it has none or one that cannot be true."""
    created_at = comment.created_at
    if created_at is None or created_at.year < _FIRST_YEAR or created_at > now + timedelta(days=1):
        return now
    return created_at


def _seconds(end: tuple[tuple[float, datetime], Delay]) -> float:
    return end[0][0]


def _action_of(step: Step, clause: str) -> Action:
    parameters = {"desk": step.desk, "message": step.message, "when": step.when, "clause": clause}
    return Action(step.action, {key: value for key, value in parameters.items() if value})

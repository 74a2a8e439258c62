"""Written policies as data, and the router that turns a prediction into what a policy prescribes.

``Policy.load(id_or_path)`` reads and checks a policy; ``PolicyRouter(policy).decide(comment, prediction, …)``
applies it.
"""

from classifier.policy.policy import Policy, list_policies
from classifier.policy.router import PolicyRouter
from classifier.policy.sanctions import NO_HISTORY, History, Strike

__all__ = ["NO_HISTORY", "History", "Policy", "PolicyRouter", "Strike", "list_policies"]

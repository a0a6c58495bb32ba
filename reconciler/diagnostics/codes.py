"""The codes of all problems, as a type: a code without an entry in ``codes.toml`` is none."""

from typing import Literal

Code = Literal[
    # Files and folders
    "no-such-path", "no-files", "unreadable", "not-yaml", "directory-loop", "link-outside",
    "overlay-inside-folder", "too-large", "not-utf8", "unfinished-export", "merge-conflict",
    # YAML
    "yaml-syntax", "tab", "tag", "duplicate-key", "complex-key", "many-documents", "too-deep",
    "alias-expansion", "unknown-alias", "bad-merge", "not-a-mapping",
    # The reconciler: block
    "missing-stack", "stack-twice", "stack-in-overlay", "stack-below-folder", "bad-settings",
    "bad-catalogue", "loosened-catalogue",
    # Kinds and resources
    "unknown-kind", "read-only-kind", "wrong-shape", "bad-key", "duplicate-address",
    "not-unique", "same-natural-key", "link-without-pair", "unknown-directive", "bad-ignore",
    "bad-absent", "bad-renamed-from", "missing-column", "more-problems",
    # Columns and values
    "unknown-column", "server-column", "filled-column", "wrong-type", "null-not-allowed",
    "invalid-value", "columns-disagree", "doubtful-value", "unknown-choice", "leading-zero",
    # Variables and secrets
    "unset-variable", "bad-variable", "refused-variable", "secret-variable", "variable-in-key",
    "empty-variable", "empty-secret",
    # Templates and defaults
    "bad-template", "template-cycle", "unknown-parameter", "bad-when", "bad-argument",
    "bad-override", "too-much-made", "bad-defaults",
    # References
    "unknown-reference", "absent-reference", "bad-lookup", "reference-cycle",
    "lookup-finds-nothing", "ambiguous-lookup", "lookup-of-own", "reference-to-missing",
    # Resources and live rows
    "bad-binding", "binding-gone", "unused-binding", "two-claims", "maybe-renamed",
    "renamed-from-exists", "ambiguous-match", "other-stack", "moved-away",
    "unreadable-kind", "lacking-column", "odd-row", "delete-cycle",
    # What a plan leaves as it is
    "limited", "kept-limited", "kept-protected", "no-longer-managed", "managed-again",
    "kept-unseen", "not-looked-at", "verb-missing",
    "cannot-create", "cannot-delete", "volatile-column",
    # What undo leaves as it is
    "undo-stale", "undo-gone", "undo-marked", "undo-impossible", "undo-lost", "undo-unknown",
    # What migrate leaves behind
    "same-row", "gone-there", "needs", "left",
    # What moves
    "cannot-move",
    # Fleets
    "bad-fleet", "bad-keys",
    # Policies
    "bad-policy", "unknown-name", "unseen-column", "bad-expression", "policy-broken",
    "policy-not-judged",
]  # fmt: skip

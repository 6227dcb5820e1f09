"""Who changed what, when, why and through which door. The rows' own history lies in the schema `history` (tracking)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ChangeSet(models.Model):
    """What one person changed in one go: one transaction, one door, one reason. Written once, never altered."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="change_sets")
    why = models.TextField()
    door = models.CharField(help_text="The form or command that it came through.")
    token = models.UUIDField(
        null=True, blank=True, help_text="The form's own number, so that a doubled POST is one change."
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="history_changeset_token_once",
                fields=["token"],
                violation_error_message="This form has been sent already.",
            ),
            models.CheckConstraint(
                name="history_changeset_why_not_blank",
                condition=Q(why__regex=r"\S"),
                violation_error_message="A change needs a reason.",
            ),
            models.CheckConstraint(
                name="history_changeset_door_not_blank",
                condition=Q(door__regex=r"\S"),
                violation_error_message="A change comes through a door.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door}: {self.why}"

"""An e-mail address that is one person's however it is typed."""

from typing import Any

from django.db import models


class LowerCaseEmailField(models.EmailField):
    """An e-mail address kept, and looked for, in small letters."""

    def to_python(self, value: Any) -> Any:
        address = super().to_python(value)
        return address.lower() if isinstance(address, str) else address

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

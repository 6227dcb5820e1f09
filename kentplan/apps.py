from django.apps import AppConfig


class KentplanConfig(AppConfig):
    name = "kentplan"

    def ready(self) -> None:
        import kentplan.safe_start  # noqa: F401  # it registers a check

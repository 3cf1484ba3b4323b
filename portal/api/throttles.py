from rest_framework.throttling import SimpleRateThrottle


class ReaderThrottle(SimpleRateThrottle):
    """So many requests a time from one address, set by API_RATE."""

    scope = "reader"

    def get_cache_key(self, request, view):
        return f"throttle:reader:{self.get_ident(request)}"

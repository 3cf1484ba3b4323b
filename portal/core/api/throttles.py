from rest_framework.throttling import SimpleRateThrottle


class PublicAPIThrottle(SimpleRateThrottle):
    """Rate limit per client IP address, set by the environment variable API_RATE."""

    scope = "public-api"

    def get_cache_key(self, request, view):
        return f"throttle:public-api:{self.get_ident(request)}"

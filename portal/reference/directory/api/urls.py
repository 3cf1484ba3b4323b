from rest_framework.routers import SimpleRouter

from portal.reference.directory.api import views

router = SimpleRouter()
router.register("countries", views.CountryViewSet, "api-country")
router.register("organs", views.OrganViewSet, "api-organ")
urlpatterns = router.urls

from rest_framework.routers import SimpleRouter

from delegations.api import views

router = SimpleRouter()
router.register("visits", views.VisitViewSet, "api-visit")
urlpatterns = router.urls

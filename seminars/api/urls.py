from rest_framework.routers import SimpleRouter

from seminars.api import views

router = SimpleRouter()
router.register("seminars", views.SeminarViewSet, "api-seminar")
urlpatterns = router.urls

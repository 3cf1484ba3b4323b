from rest_framework.routers import SimpleRouter

from exchanges.api import views

router = SimpleRouter()
router.register("mechanisms", views.MechanismViewSet, "api-mechanism")
router.register("meetings", views.MeetingViewSet, "api-meeting")
urlpatterns = router.urls

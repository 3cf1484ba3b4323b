from rest_framework.routers import SimpleRouter

from portal.conference.api import views

router = SimpleRouter()
router.register("editions", views.EditionViewSet, "api-edition")
router.register("documents", views.DocumentViewSet, "api-document")
router.register("articles", views.ArticleViewSet, "api-article")
router.register("pages", views.PageViewSet, "api-page")
urlpatterns = router.urls

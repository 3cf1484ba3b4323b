from django.urls import path
from rest_framework.routers import SimpleRouter

from portal.content.figures.api import counted, views

router = SimpleRouter()
router.register("figures", views.ReportedFigureViewSet, "api-figure")
urlpatterns = [
    path(
        "figures/counted/",
        counted.CountedFiguresView.as_view(),
        name="api-figures-counted",
    ),
    *router.urls,
]

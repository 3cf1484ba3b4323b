from django.urls import path

from delegations import views

app_name = "delegations"
urlpatterns = [
    path("", views.VisitListPage.as_view(), name="list"),
    path("<str:code>/", views.VisitPage.as_view(), name="detail"),
]

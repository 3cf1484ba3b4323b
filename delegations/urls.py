from django.urls import path

from delegations import views

app_name = "delegations"
urlpatterns = [
    path("", views.VisitListView.as_view(), name="visit-list"),
    path("<str:code>/", views.VisitDetailView.as_view(), name="visit-detail"),
]

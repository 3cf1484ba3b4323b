from django.urls import path

from portal.website.directory import views

app_name = "directory"
urlpatterns = [
    path("countries/", views.CountryListView.as_view(), name="country-list"),
    path("countries/<str:iso2>/", views.CountryDetailView.as_view(), name="country"),
    path("organs/<slug:key>/", views.OrganDetailView.as_view(), name="organ"),
    path("topics/", views.TopicListView.as_view(), name="topic-list"),
    path("topics/<slug:key>/", views.TopicDetailView.as_view(), name="topic"),
]

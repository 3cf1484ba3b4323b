from django.urls import path

from portal.directory import views

app_name = "directory"
urlpatterns = [
    path("countries/", views.CountryListPage.as_view(), name="country-list"),
    path("countries/<str:iso2>/", views.CountryPage.as_view(), name="country"),
    path("organs/<slug:key>/", views.OrganPage.as_view(), name="organ"),
]

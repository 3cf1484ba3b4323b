from django.urls import path

from portal.catalogue.api.views import SearchView

urlpatterns = [path("search/", SearchView.as_view(), name="api-search")]

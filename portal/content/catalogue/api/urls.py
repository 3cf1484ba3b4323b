from django.urls import path

from portal.content.catalogue.api.views import SearchAPIView

urlpatterns = [path("search/", SearchAPIView.as_view(), name="api-search")]

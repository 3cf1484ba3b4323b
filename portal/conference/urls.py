from django.urls import path

from portal.conference import views

app_name = "conference"
urlpatterns = [
    path("conference/", views.EditionListView.as_view(), name="edition-list"),
    path(
        "conference/<int:number>/",
        views.EditionDetailView.as_view(),
        name="edition-detail",
    ),
    path("documents/", views.DocumentListView.as_view(), name="document-list"),
    path(
        "documents/<str:code>/",
        views.DocumentDetailView.as_view(),
        name="document-detail",
    ),
    path("treaties/", views.TreatyTableView.as_view(), name="treaty-table"),
    path("news/", views.ArticleListView.as_view(), name="article-list"),
    path("news/<slug:slug>/", views.ArticleDetailView.as_view(), name="article-detail"),
    path(
        "about/<slug:slug>/", views.StaticPageDetailView.as_view(), name="page-detail"
    ),
]

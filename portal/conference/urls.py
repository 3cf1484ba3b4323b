from django.urls import path

from portal.conference import views

app_name = "conference"
urlpatterns = [
    path("conference/", views.EditionListPage.as_view(), name="edition-list"),
    path(
        "conference/<int:number>/", views.EditionPage.as_view(), name="edition-detail"
    ),
    path("documents/", views.DocumentListPage.as_view(), name="document-list"),
    path("documents/<str:code>/", views.DocumentPage.as_view(), name="document-detail"),
    path("news/", views.ArticleListPage.as_view(), name="article-list"),
    path("news/<slug:slug>/", views.ArticlePage.as_view(), name="article-detail"),
    path("about/<slug:slug>/", views.StandingPage.as_view(), name="page-detail"),
]

from django.urls import path

from exchanges import views

app_name = "exchanges"
urlpatterns = [
    path("", views.ExchangeListView.as_view(), name="exchange-list"),
    path("meetings/", views.meeting_list, name="meeting-list"),
    path(
        "meetings/<str:code>/", views.MeetingDetailView.as_view(), name="meeting-detail"
    ),
    path("<slug:key>/", views.MechanismDetailView.as_view(), name="mechanism-detail"),
]

"""Addresses of signing in, below /admin/ and before Wagtail's own. The names are django-allauth's."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from cms.signin import views
from cms.signin.headers import guarded

to_reset = RedirectView.as_view(pattern_name="account_reset_password")

_pages = [
    path("login/", views.sign_in, name="account_login"),
    path("login/xac-thuc/", views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("login/khoa-truy-cap/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", account.logout, name="account_logout"),
    path("login/ngung-hoat-dong/", account.account_inactive, name="account_inactive"),
    path("xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("xac-nhan/ma/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("xac-nhan/khoa-truy-cap/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password_reset/", account.password_reset, name="account_reset_password"),
    path("password_reset/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password_reset/xong/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password_reset/dat-lai/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # Wagtail's own addresses for the same.
    re_path(r"^password_reset/.+$", to_reset),
    path("bao-mat/thiet-lap/", views.set_up, name="signin_setup"),
    path("bao-mat/mat-khau/", account.password_change, name="account_change_password"),
    path("bao-mat/mat-khau/moi/", to_reset, name="account_set_password"),
    path("bao-mat/phien/", views.end_sessions, name="signin_end_sessions"),
    path("bao-mat/ung-dung/", views.AppView.as_view(), name="mfa_activate_totp"),
    path("bao-mat/ung-dung/go/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("bao-mat/khoa-truy-cap/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("bao-mat/khoa-truy-cap/them/", views.PasskeyView.as_view(), name="mfa_add_webauthn"),
    path("bao-mat/khoa-truy-cap/<int:pk>/go/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("bao-mat/ma-du-phong/", views.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("bao-mat/ma-du-phong/moi/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("loi-moi/", views.invitation_form, name="signin_invitation_form"),
    path("loi-moi/<str:token>/", views.open_invitation, name="signin_invitation"),
]
urlpatterns = [path("bao-mat/", views.security, name="mfa_index"), *guarded(_pages)]

"""One address of every kind of page there is."""

PAGES = (
    "/",
    "/canh-bao/",
    "/canh-bao/trang/2/",
    "/canh-bao/khan/",
    "/canh-bao/nhe/",
    "/canh-bao/het-han/",
    "/canh-bao/thu-hoi/",
    "/hinh-thuc/",
    "/hinh-thuc/gia-danh-co-quan-thue/",
    "/doi-tuong/",
    "/doi-tuong/nguoi-cao-tuoi/",
    "/dinh-chinh/",
    "/thanh-phan/",
    "/404.html",
)
